// SPDX-License-Identifier: Apache-2.0
/**
 * The shell both faces share: layout, components, theme, languages, error pages and the registry of menu pages. It owns no data.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"kernel", "database"})
package id.kentongan.site;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
