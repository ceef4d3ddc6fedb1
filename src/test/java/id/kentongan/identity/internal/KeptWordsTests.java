// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class KeptWordsTests {
    private static final Pattern HIDDEN_FIELD = Pattern.compile("name='([^']+)'.*type='password'", Pattern.DOTALL);

    @Test
    void aFormWithAPasswordIsNeverCarriedThroughTheSignIn() throws IOException {
        var names = new TreeSet<String>();
        try (var templates = Files.walk(Path.of("src/main/resources/templates"))) {
            for (var template : templates.filter(Files::isRegularFile).toList()) {
                var fields = Files.readString(template).split("th:replace=");
                for (var field : fields) {
                    var found = HIDDEN_FIELD.matcher(field);
                    if (found.find()) {
                        names.add(found.group(1));
                    }
                }
            }
        }
        assertThat(names).contains("password", "inPassword", "outPassword").allMatch(KeptWords::isSecret);
        var request = new MockHttpServletRequest();
        request.addParameter("kept.name", "Surel dinas");
        assertThat(KeptWords.carried("/desk", request).any()).isTrue();
        for (var name : names) {
            var with = new MockHttpServletRequest();
            with.addParameter("kept.name", "Surel dinas");
            with.addParameter("kept." + name, "abcd efgh ijkl mnop");
            assertThat(KeptWords.carried("/desk", with).any()).as(name).isFalse();
        }
    }
}
