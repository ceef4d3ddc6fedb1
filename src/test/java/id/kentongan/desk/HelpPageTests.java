// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseView;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** Help where it is needed: what an officer may be lost in leads to the part of the help page that tells about it. */
@WithDatabase
class HelpPageTests {
    private static final String HELP = "/desk/bantuan";
    private static final String PART = HELP + "#about-";

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    Regency regency;

    @BeforeEach
    void aRegency() {
        regency = new DeskHouse(context).new Regency();
    }

    @Test
    void everyLinkToHelpLeadsToAPartThatIsThereInBothLanguages() throws IOException {
        var linked = new TreeSet<String>();
        try (var templates = Files.walk(Path.of("src/main/resources/templates"))) {
            for (var template : templates.filter(Files::isRegularFile).toList()) {
                var links = Pattern.compile("desk/help :: (?:about|link)\\(part='([a-z-]+)'\\)")
                        .matcher(Files.readString(template));
                while (links.find()) {
                    linked.add(links.group(1));
                }
            }
        }
        assertThat(linked).isNotEmpty();
        var rina = regency.visitor(regency.rina, port);
        for (var language : Set.of("id", "en")) {
            var page = rina.get(HELP + "?lang=" + language).page();
            assertThat(page.select("#help-body > h2[id]").eachAttr("id"))
                    .containsAll(linked.stream().map(each -> "about-" + each).toList());
            // The contents lead to every part, each of which says something.
            assertThat(page.select("#help-body nav a").eachAttr("href"))
                    .containsExactlyElementsOf(page.select("#help-body > h2[id]").stream()
                            .map(each -> "#" + each.id())
                            .toList());
            assertThat(page.select("#help-body nav a").eachText())
                    .containsExactlyElementsOf(
                            page.select("#help-body > h2[id]").eachText());
            assertThat(page.select("#help-body > h2[id] + p").eachText())
                    .hasSize(page.select("#help-body > h2[id]").size() - 1)
                    .allSatisfy(text -> assertThat(text).hasSizeGreaterThan(100).doesNotContain("??"));
        }
    }

    @Test
    void whatMayBeDoneWithACaseIsExplainedBesideIt() {
        regency.receives(regency.said(
                "https://warga.example/" + regency.tenant.id(),
                "wati",
                null,
                Duration.ofHours(1),
                "Jalan amblas di depan SDN 2."));
        var row = regency.withCase(regency.rina, "Jalan amblas");
        var found = regency.caseOf(regency.rina, row);
        var rina = regency.visitor(regency.rina, port);
        assertThat(help(rina, at(found)))
                .containsExactlyInAnyOrder("deadline", "case", "postpone", "ending", "not-ours", "team");
        assertThat(help(rina, "/desk/percakapan/" + row.id()))
                .containsExactlyInAnyOrder("deadline", "case", "postpone", "ending", "not-ours");
        assertThat(help(rina, "/desk/percakapan/" + row.id() + "/kontak")).containsExactly("person");
        assertThat(help(regency.visitor(regency.hendra, port), at(found)))
                .containsExactlyInAnyOrder("deadline", "not-ours", "team");
        // A form that is half filled stays open behind the help.
        var link = rina.get(at(found)).page().select("#postpone a[href^=" + HELP + "]");
        assertThat(link.attr("target")).isEqualTo("_blank");
        assertThat(link.text()).isEqualTo("Bantuan: Menunda (membuka tab baru)");
    }

    @Test
    void whoseNameIsKeptFromOthersIsExplainedWhereItIs() {
        regency.form("Bu Sri", "Lampu jalan mati.", Map.of("kind", "complaint", "identity", "anonymous"));
        regency.form("", "Ada pungutan di loket.", Map.of("kind", "whistle-blowing"));
        var budi = regency.visitor(regency.budi, port);
        for (var text : Set.of("Lampu jalan", "Ada pungutan")) {
            var row = regency.withCase(regency.budi, text);
            assertThat(help(budi, at(regency.caseOf(regency.budi, row)))).contains("secrecy");
            assertThat(help(budi, "/desk/percakapan/" + row.id())).contains("secrecy");
        }
    }

    private static String at(CaseView found) {
        return "/desk/kasus/" + found.id();
    }

    private static Set<String> help(Visitor visitor, String path) {
        var answer = visitor.get(path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        var parts = new TreeSet<String>();
        for (var href : answer.page().select("a[href^=" + PART + "]").eachAttr("href")) {
            parts.add(href.substring(PART.length()));
        }
        return parts;
    }
}
