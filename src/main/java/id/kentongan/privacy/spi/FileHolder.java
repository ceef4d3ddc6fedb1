// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.spi;

import id.kentongan.kernel.Actor;
import java.util.Collection;
import java.util.Set;

/**
 * A module whose rows name sealed files. Every module that stores files has one: what no holder names is taken for
 * left over from a transaction that did not commit, and removed after a day.
 */
public interface FileHolder {
    /** Which of these names the module's committed rows of the tenant still name. */
    Set<String> named(Actor actor, Collection<String> names);
}
