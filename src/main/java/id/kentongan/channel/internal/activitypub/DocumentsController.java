// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.identity.Tenant;
import id.kentongan.kernel.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Our actors and what they said, for servers; a person's browser is led to the portal. */
@RestController
class DocumentsController {
    private static final MediaType ACTIVITY = MediaType.parseMediaType(PeerRequests.ACTIVITY);
    private static final int PAGE = 20;
    private static final byte[] NOTHING = {};

    private final LocalActors locals;
    private final FederationStore store;
    private final PublishedPictures pictures;
    private final Readers readers;

    DocumentsController(LocalActors locals, FederationStore store, PublishedPictures pictures, Readers readers) {
        this.locals = locals;
        this.store = store;
        this.pictures = pictures;
        this.readers = readers;
    }

    @GetMapping("/ap/{name}")
    ResponseEntity<?> actor(
            Tenant tenant,
            @PathVariable String name,
            @RequestHeader(value = "Accept", required = false) @Nullable String accept) {
        var local = local(tenant, name);
        if (!wantsActivity(accept)) {
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .location(URI.create("/"))
                    .header(HttpHeaders.VARY, "Accept")
                    .build();
        }
        return document(ActivityDocuments.actor(local));
    }

    @GetMapping("/ap/{name}/outbox")
    ResponseEntity<?> outbox(
            Tenant tenant,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String page,
            @RequestParam(required = false) @Nullable UUID before) {
        var local = local(tenant, name);
        if (page == null) {
            return document(collection(local.outbox(), store.noteCount(local), true));
        }
        var notes = store.outbox(local, before, PAGE);
        var items = notes.stream()
                .map(note -> ActivityDocuments.create(local, ActivityDocuments.map(note)))
                .toList();
        var document = new LinkedHashMap<String, Object>();
        document.put("@context", ActivityDocuments.STREAMS);
        document.put("id", local.outbox() + "?page=true" + (before == null ? "" : "&before=" + before));
        document.put("type", "OrderedCollectionPage");
        document.put("partOf", local.outbox());
        if (notes.size() == PAGE) {
            document.put(
                    "next",
                    local.outbox() + "?page=true&before=" + notes.getLast().id());
        }
        document.put("orderedItems", items);
        return document(document);
    }

    /** Only their number: who follows a government is nobody's business. */
    @GetMapping("/ap/{name}/followers")
    ResponseEntity<?> followers(Tenant tenant, @PathVariable String name) {
        var local = local(tenant, name);
        return document(collection(local.followers(), store.followerCount(local), false));
    }

    @GetMapping("/ap/{name}/following")
    ResponseEntity<?> following(Tenant tenant, @PathVariable String name) {
        return document(collection(local(tenant, name).following(), 0, false));
    }

    @GetMapping("/ap/o/{id}")
    ResponseEntity<?> note(
            Tenant tenant,
            @PathVariable UUID id,
            @RequestHeader(value = "Accept", required = false) @Nullable String accept,
            HttpServletRequest request) {
        var shown = visible(tenant, id, request);
        if (shown.note().withdrawn()) {
            return ResponseEntity.status(HttpStatus.GONE)
                    .contentType(ACTIVITY)
                    .body(Sending.json(ActivityDocuments.tombstone(shown.local().note(id))));
        }
        if (!wantsActivity(accept)) {
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .location(URI.create("/"))
                    .header(HttpHeaders.VARY, "Accept")
                    .build();
        }
        return document(shown, ActivityDocuments.withContext(ActivityDocuments.map(shown.note())));
    }

    @GetMapping("/ap/o/{id}/activity")
    ResponseEntity<?> activity(Tenant tenant, @PathVariable UUID id, HttpServletRequest request) {
        var shown = visible(tenant, id, request);
        if (shown.note().withdrawn()) {
            return ResponseEntity.status(HttpStatus.GONE).build();
        }
        return document(
                shown,
                ActivityDocuments.withContext(
                        ActivityDocuments.create(shown.local(), ActivityDocuments.map(shown.note()))));
    }

    /** A picture of what we said, for whoever was told its address. */
    @GetMapping("/ap/media/{token}")
    ResponseEntity<byte[]> picture(Tenant tenant, @PathVariable String token) {
        var picture = pictures.at(tenant.id(), token)
                .orElseThrow(() -> Refusal.notFound().asException());
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(picture.mediaType()))
                .header(HttpHeaders.CACHE_CONTROL, "private, max-age=3600")
                .header(HttpHeaders.CONTENT_DISPOSITION, "inline")
                .body(picture.content());
    }

    private record Shown(LocalActor local, FederationStore.Note note) {}

    /** What is not for the one who asks looks absent. */
    private Shown visible(Tenant tenant, UUID id, HttpServletRequest request) {
        for (var local : locals.all(tenant.id())) {
            var note = store.note(local, id);
            if (note.isPresent()) {
                return note.filter(
                                each -> readers.mayRead(local, each, SignedRequest.received(tenant, request, NOTHING)))
                        .map(each -> new Shown(local, each))
                        .orElseThrow(() -> Refusal.notFound().asException());
            }
        }
        throw Refusal.notFound().asException();
    }

    /** What not everyone may read lies in nobody's cache. */
    private static ResponseEntity<String> document(Shown shown, Map<String, Object> document) {
        var answer = ResponseEntity.ok().contentType(ACTIVITY).header(HttpHeaders.VARY, "Accept, Signature");
        return (Readers.isOpen(shown.note()) ? answer : answer.header(HttpHeaders.CACHE_CONTROL, "private, no-store"))
                .body(Sending.json(document));
    }

    private LocalActor local(Tenant tenant, String name) {
        return locals.find(tenant.id(), name)
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    private static Map<String, Object> collection(String id, int total, boolean paged) {
        var document = new LinkedHashMap<String, Object>();
        document.put("@context", ActivityDocuments.STREAMS);
        document.put("id", id);
        document.put("type", "OrderedCollection");
        document.put("totalItems", total);
        if (paged) {
            document.put("first", id + "?page=true");
        } else {
            document.put("orderedItems", List.of());
        }
        return document;
    }

    private static boolean wantsActivity(@Nullable String accept) {
        return accept == null
                || accept.contains("activity+json")
                || accept.contains("ld+json")
                || accept.contains("application/json")
                || !accept.contains("text/html");
    }

    private static ResponseEntity<String> document(Map<String, Object> document) {
        return ResponseEntity.ok()
                .contentType(ACTIVITY)
                .header(HttpHeaders.VARY, "Accept")
                .body(Sending.json(document));
    }
}
