// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.spi;

import java.util.List;

/** Addresses where servers, not people, post: they carry their own proof (a signature) instead of a form token. */
public interface OpenPosts {
    /** Patterns as Spring reads them, {@code /ap/**}. */
    List<String> patterns();
}
