// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.kernel.Actor;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Tells the pages of the settings whether their reader may change anything: an auditor sees them without a form. */
@ControllerAdvice(
        assignableTypes = {
            AnswersController.class,
            ChannelsController.class,
            DeadlinesController.class,
            RoutingController.class
        })
class SettingsAdvice {
    @ModelAttribute("mayChange")
    boolean mayChange(Actor actor) {
        return !actor.readOnly();
    }
}
