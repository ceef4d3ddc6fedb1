// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import java.util.UUID;

/**
 * What a trail entry is about.
 *
 * @param kind singular noun of the owning module: {@code case}, {@code conversation}, {@code officer}
 */
public record Subject(String kind, UUID id) {}
