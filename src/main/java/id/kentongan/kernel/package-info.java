// SPDX-License-Identifier: Apache-2.0
/**
 * The words every module shares: ids, the acting person, regions, working calendars, refusals, pages by key.
 * Plain Java without a framework; it holds no state and tells nobody anything.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package id.kentongan.kernel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
