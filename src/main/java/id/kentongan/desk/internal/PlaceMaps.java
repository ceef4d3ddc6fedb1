// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseView;
import id.kentongan.casework.Regions;
import id.kentongan.kernel.Actor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Where a case is, drawn from the tenant's own districts: no tile of a map is asked for anywhere, so that nobody
 * outside learns what is being looked at.
 */
@Component
class PlaceMaps {
    private static final int WIDTH = 280;
    private static final int HEIGHT = 160;
    private static final int MARGIN = 24;
    /** A degree of longitude is shorter than one of latitude; near the equator hardly. */
    private static final double SMALLEST_SPAN = 0.02;

    private final Regions regions;

    PlaceMaps(Regions regions) {
        this.regions = regions;
    }

    /** @param coordinates as people copy them into a navigation device: latitude, longitude */
    record PlaceMap(int width, int height, int x, int y, List<Dot> districts, String coordinates) {}

    record Dot(int x, int y, String name, boolean left) {}

    Optional<PlaceMap> of(Actor actor, CaseView found) {
        var latitude = found.latitude();
        var longitude = found.longitude();
        if (latitude == null || longitude == null) {
            return Optional.empty();
        }
        var districts = regions.districts(actor);
        var south = latitude;
        var north = latitude;
        var west = longitude;
        var east = longitude;
        for (var each : districts) {
            south = Math.min(south, each.latitude());
            north = Math.max(north, each.latitude());
            west = Math.min(west, each.longitude());
            east = Math.max(east, each.longitude());
        }
        var scale = Math.min(
                (WIDTH - 2 * MARGIN) / Math.max(SMALLEST_SPAN, east - west),
                (HEIGHT - 2 * MARGIN) / Math.max(SMALLEST_SPAN, north - south));
        var middleX = (east + west) / 2;
        var middleY = (north + south) / 2;
        var dots = new ArrayList<Dot>();
        for (var each : districts) {
            var x = x(each.longitude(), middleX, scale);
            dots.add(new Dot(x, y(each.latitude(), middleY, scale), each.name(), x > WIDTH / 2));
        }
        return Optional.of(new PlaceMap(
                WIDTH,
                HEIGHT,
                x(longitude, middleX, scale),
                y(latitude, middleY, scale),
                dots,
                String.format(Locale.ROOT, "%.5f, %.5f", latitude, longitude)));
    }

    private static int x(double longitude, double middle, double scale) {
        return (int) Math.round(WIDTH / 2.0 + (longitude - middle) * scale);
    }

    private static int y(double latitude, double middle, double scale) {
        return (int) Math.round(HEIGHT / 2.0 - (latitude - middle) * scale);
    }
}
