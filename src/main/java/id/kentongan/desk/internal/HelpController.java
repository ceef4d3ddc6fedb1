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
    /**
     * The parts of the page after the keys, each an anchor {@code about-…} that other pages lead to by
     * {@code desk/help :: about}, and a heading and text below {@code desk.help.}.
     */
    static final List<String> PARTS = List.of(
            "inbox",
            "reply",
            "undelivered",
            "case",
            "not-ours",
            "deadline",
            "postpone",
            "ending",
            "team",
            "secrecy",
            "person");

    @GetMapping("/desk/bantuan")
    String help(Actor actor, Model model) {
        model.addAttribute("parts", PARTS);
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
