// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Files that citizens sent, opened for whoever may read the conversation. */
@Controller
class FileController {
    private final Conversations conversations;

    FileController(Conversations conversations) {
        this.conversations = conversations;
    }

    /** Only pictures are drawn by the browser; what else came is handed over to be kept, never run. */
    @GetMapping("/desk/percakapan/{id}/berkas/{message}/{index}")
    ResponseEntity<byte[]> file(
            Actor actor, @PathVariable String id, @PathVariable String message, @PathVariable int index) {
        Access.reads(actor);
        var found = conversations
                .file(actor, Access.conversation(id), Access.parsed(message, MessageId::parse), index)
                .orElseThrow(() -> Refusal.notFound().asException());
        var picture = Threads.PICTURES.contains(found.mediaType());
        return ResponseEntity.ok()
                .contentType(picture ? MediaType.parseMediaType(found.mediaType()) : MediaType.APPLICATION_OCTET_STREAM)
                .cacheControl(CacheControl.noStore())
                .header(
                        "Content-Disposition",
                        (picture ? ContentDisposition.inline() : ContentDisposition.attachment())
                                .filename("berkas-" + index)
                                .build()
                                .toString())
                .body(found.bytes());
    }
}
