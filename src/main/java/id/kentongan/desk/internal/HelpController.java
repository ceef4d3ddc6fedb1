// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.kernel.Actor;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Help: the keys, and the few things a newcomer must know. */
@Controller
class HelpController {
    @GetMapping("/desk/bantuan")
    String help(Actor actor, Model model) {
        return "desk/help";
    }

    /** The keys of the help page and of its dialog, which every page with zones carries. */
    @org.springframework.web.bind.annotation.ControllerAdvice(basePackageClasses = HelpController.class)
    static class Keys {
        @ModelAttribute("keys")
        List<String> keys() {
            return List.of("j", "k", "enter", "r", "e", "d", "search", "help", "escape");
        }
    }
}
