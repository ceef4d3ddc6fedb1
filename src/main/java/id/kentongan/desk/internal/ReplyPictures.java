// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.channel.CleanPicture;
import id.kentongan.inbox.Conversations.Picture;
import id.kentongan.site.FormErrors;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartFile;

/**
 * The pictures of an answer as they came in its form: each drawn anew, so that position and device are gone, and each
 * with words for whoever does not see it. A browser never fills a file field in again, so an error says that too.
 */
@Component
class ReplyPictures {
    static final String PICTURE = "picture";
    static final String WORDS = "alt";
    private static final long LARGEST = 10_000_000;

    /** @param words what was typed for each field, kept when the form is shown again */
    record Read(List<Picture> pictures, List<String> words, FormErrors errors) {
        static Read nothing() {
            return new Read(List.of(), List.of(), FormErrors.none());
        }
    }

    Read read(@Nullable List<MultipartFile> files, HttpServletRequest request) {
        var sent = request.getParameterValues(WORDS);
        var words = sent == null ? List.<String>of() : List.of(sent);
        var chosen = files == null ? List.<MultipartFile>of() : files;
        var errors = FormErrors.none();
        var pictures = new ArrayList<Picture>();
        for (int i = 0; i < Math.max(chosen.size(), words.size()); i++) {
            var number = i + 1;
            var field = PICTURE + "-" + number;
            var description = i < words.size() ? words.get(i).strip() : "";
            if (i >= chosen.size() || chosen.get(i).isEmpty()) {
                // Browsers forget files: an answer must not go without the picture that was described. A note shows
                // none.
                if (!description.isEmpty() && !Replies.NOTE.equals(request.getParameter("target"))) {
                    errors.add(field, "desk.reply.picture-missing", number);
                }
                continue;
            }
            var file = chosen.get(i);
            var clean = file.getSize() > LARGEST ? Optional.<CleanPicture>empty() : CleanPicture.of(file::getBytes);
            if (file.getSize() > LARGEST) {
                errors.add(field, "desk.reply.picture-too-large", number);
            } else if (clean.isEmpty()) {
                errors.add(field, "desk.reply.picture-none", number);
            }
            if (description.isEmpty()) {
                errors.add(WORDS + "-" + number, "desk.reply.picture-words-missing", number);
            } else if (description.length() > Picture.LONGEST_DESCRIPTION) {
                errors.add(WORDS + "-" + number, "desk.reply.picture-words-long", number, Picture.LONGEST_DESCRIPTION);
            }
            clean.ifPresent(picture -> pictures.add(new Picture(picture, description)));
        }
        return new Read(errors.any() ? List.of() : List.copyOf(pictures), words, errors);
    }
}
