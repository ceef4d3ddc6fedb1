// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.operation.internal.RegionList.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The middle of a boundary: the centroid of its largest ring. A boundary is nested brackets around pairs of latitude and
 * longitude, {@code [[[-7.48,109.04],[-7.49,109.05],…]]}.
 */
final class Boundary {
    private static final int FEWEST_CORNERS = 3;

    private Boundary() {}

    /** Null when it holds no ring. */
    static @Nullable Position middle(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Position middle = null;
        var largest = 0.0;
        for (var ring : rings(text)) {
            var area = area(ring);
            if (ring.size() >= FEWEST_CORNERS && Math.abs(area) > largest) {
                largest = Math.abs(area);
                middle = centroid(ring, area);
            }
        }
        return middle;
    }

    private static List<List<double[]>> rings(String text) {
        var rings = new ArrayList<List<double[]>>();
        var ring = new ArrayList<double[]>();
        var at = 0;
        while (at < text.length()) {
            var open = text.indexOf('[', at);
            var close = text.indexOf(']', at);
            if (close < 0) {
                break;
            }
            if (open >= 0 && open < close) {
                at = open + 1;
                continue;
            }
            var pair = text.substring(at, close).split(",");
            if (pair.length == 2) {
                try {
                    ring.add(new double[] {Double.parseDouble(pair[0].strip()), Double.parseDouble(pair[1].strip())});
                } catch (NumberFormatException e) {
                    return List.of();
                }
            } else if (!ring.isEmpty()) {
                rings.add(List.copyOf(ring));
                ring.clear();
            }
            at = close + 1;
            // A comma between two pairs is no pair of its own.
            while (at < text.length() && (text.charAt(at) == ',' || text.charAt(at) == ' ')) {
                at++;
            }
        }
        if (!ring.isEmpty()) {
            rings.add(ring);
        }
        return rings;
    }

    /** Twice the area, with the sign of its turn; relative to the first corner, so that no digits are lost. */
    private static double area(List<double[]> ring) {
        var from = ring.getFirst();
        var sum = 0.0;
        for (var i = 0; i < ring.size(); i++) {
            sum += cross(from, ring.get(i), ring.get((i + 1) % ring.size()));
        }
        return sum;
    }

    private static Position centroid(List<double[]> ring, double area) {
        var from = ring.getFirst();
        var latitude = 0.0;
        var longitude = 0.0;
        for (var i = 0; i < ring.size(); i++) {
            var a = ring.get(i);
            var b = ring.get((i + 1) % ring.size());
            var weight = cross(from, a, b);
            latitude += weight * (a[0] - from[0] + b[0] - from[0]);
            longitude += weight * (a[1] - from[1] + b[1] - from[1]);
        }
        return new Position(from[0] + latitude / (3 * area), from[1] + longitude / (3 * area));
    }

    private static double cross(double[] from, double[] a, double[] b) {
        return (a[0] - from[0]) * (b[1] - from[1]) - (b[0] - from[0]) * (a[1] - from[1]);
    }
}
