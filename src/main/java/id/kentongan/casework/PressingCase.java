// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.AgencyId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A case that nobody answered yet and whose deadline is near or gone: what the public may know of it, no words. */
public record PressingCase(
        String publicNumber, CaseKind kind, @Nullable AgencyId agency, Instant openedAt, Instant dueAt) {}
