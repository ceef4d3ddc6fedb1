// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseView;
import id.kentongan.casework.Regions;
import id.kentongan.kernel.Actor;
import java.util.ArrayList;
import java.util.Comparator;
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
    private static final int LINE = 13;
    /** A degree of longitude is shorter than one of latitude; near the equator hardly. */
    private static final double SMALLEST_SPAN = 0.02;

    private final Regions regions;

    PlaceMaps(Regions regions) {
        this.regions = regions;
    }

    /** @param coordinates as people copy them into a navigation device: latitude, longitude */
    record PlaceMap(int width, int height, int x, int y, List<Dot> districts, String coordinates) {}

    /** @param name empty where it would lie over another's @param left whether the name stands left of the dot */
    record Dot(int x, int y, String name, boolean left) {}

    /** Room that a name takes, as wide as a sans-serif of 11 pixels draws it. */
    private record Label(int left, int right, int y) {
        static Label beside(int x, int y, String name, boolean left) {
            var width = 8 + (int) Math.ceil(name.length() * 6.2);
            return left ? new Label(x - width, x, y) : new Label(x, x + width, y);
        }

        boolean fits(List<Label> others) {
            return left >= 0
                    && right <= WIDTH
                    && others.stream()
                            .noneMatch(each -> Math.abs(each.y - y) < LINE && each.left < right && left < each.right);
        }
    }

    /** A district whose middle is known. */
    private record Located(String name, double latitude, double longitude) {
        static Optional<Located> of(Regions.District district) {
            var latitude = district.latitude();
            var longitude = district.longitude();
            return latitude == null || longitude == null
                    ? Optional.empty()
                    : Optional.of(new Located(district.name(), latitude, longitude));
        }
    }

    Optional<PlaceMap> of(Actor actor, CaseView found) {
        var latitude = found.latitude();
        var longitude = found.longitude();
        if (latitude == null || longitude == null) {
            return Optional.empty();
        }
        var districts = regions.districts(actor).stream()
                .flatMap(each -> Located.of(each).stream())
                .toList();
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
        var placeX = x(longitude, middleX, scale);
        var placeY = y(latitude, middleY, scale);
        var bare = districts.stream()
                .map(each -> new Dot(
                        x(each.longitude(), middleX, scale), y(each.latitude(), middleY, scale), each.name(), false))
                .toList();
        return Optional.of(new PlaceMap(
                WIDTH,
                HEIGHT,
                placeX,
                placeY,
                named(bare, placeX, placeY),
                String.format(Locale.ROOT, "%.5f, %.5f", latitude, longitude)));
    }

    /** The names nearest to the place are written first; one that would lie over another is left out. */
    private static List<Dot> named(List<Dot> bare, int placeX, int placeY) {
        var taken = new ArrayList<Label>();
        bare.forEach(each -> taken.add(new Label(each.x - 3, each.x + 3, each.y)));
        taken.add(new Label(placeX - 9, placeX + 9, placeY - 8));
        var dots = new ArrayList<Dot>();
        var nearestFirst = bare.stream()
                .sorted(Comparator.comparingDouble(each -> Math.hypot(each.x - placeX, each.y - placeY)))
                .toList();
        for (var each : nearestFirst) {
            var others = new ArrayList<>(taken);
            others.remove(new Label(each.x - 3, each.x + 3, each.y));
            var right = Label.beside(each.x, each.y, each.name, false);
            var left = Label.beside(each.x, each.y, each.name, true);
            if (right.fits(others)) {
                taken.add(right);
                dots.add(each);
            } else if (left.fits(others)) {
                taken.add(left);
                dots.add(new Dot(each.x, each.y, each.name, true));
            } else {
                dots.add(new Dot(each.x, each.y, "", false));
            }
        }
        return dots;
    }

    private static int x(double longitude, double middle, double scale) {
        return (int) Math.round(WIDTH / 2.0 + (longitude - middle) * scale);
    }

    private static int y(double latitude, double middle, double scale) {
        return (int) Math.round(HEIGHT / 2.0 - (latitude - middle) * scale);
    }
}
