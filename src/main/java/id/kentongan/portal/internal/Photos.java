// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.CleanPicture;
import id.kentongan.site.FormErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartFile;

/** Citizens' photos as they may be kept: how many, how large, and nothing in them but the picture. */
@Component
class Photos {
    static final int MOST = 3;
    static final long LARGEST = 10_000_000;

    /** The photos ready to send; what is wrong with them is added to the errors of the field. */
    List<Attachment> read(String field, List<MultipartFile> files, FormErrors errors) {
        var chosen = files.stream().filter(f -> !f.isEmpty()).toList();
        if (chosen.size() > MOST) {
            errors.add(field, "portal.photos.too-many", MOST);
            return List.of();
        }
        var ready = new ArrayList<Attachment>();
        for (int i = 0; i < chosen.size(); i++) {
            var file = chosen.get(i);
            if (file.getSize() > LARGEST) {
                errors.add(field, "portal.photos.too-large", i + 1);
                continue;
            }
            var clean = clean(file);
            if (clean.isEmpty()) {
                errors.add(field, "portal.photos.no-picture", i + 1);
                continue;
            }
            ready.add(new Attachment(null, "image/jpeg", null, clean.get()));
        }
        return errors.of(field) == null ? List.copyOf(ready) : List.of();
    }

    private static Optional<byte[]> clean(MultipartFile file) {
        return CleanPicture.of(file::getBytes)
                .filter(picture -> picture.mediaType().equals("image/jpeg"))
                .map(CleanPicture::content);
    }
}
