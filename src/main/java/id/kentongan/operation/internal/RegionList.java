// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.casework.Regions.District;
import id.kentongan.casework.Regions.Village;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What several files say about the districts and villages of one regency or city: names from one, boundaries from
 * another. The later file decides.
 */
final class RegionList {
    /** Kemendagri's code: province, regency or city, district, village; "33.02.05.2001" or without the points. */
    private static final Pattern CODE = Pattern.compile("\\d{2}(\\.\\d{2}(\\.\\d{2}(\\.\\d{4})?)?)?");

    private static final Pattern BARE = Pattern.compile("(\\d{2})(\\d{2})?(\\d{2})?(\\d{4})?");
    private static final int DISTRICT = 8;
    private static final int VILLAGE = 13;
    private static final int LONGEST_NAME = 100;

    /** The land between Sabang and Merauke, Miangas and Rote, with some sea around it. */
    private static final double NORTH = 7;

    private static final double SOUTH = -12;
    private static final double WEST = 94;
    private static final double EAST = 142;

    private final String regency;
    private final Map<String, String> names = new TreeMap<>();
    private final Map<String, Position> positions = new TreeMap<>();

    record Position(double latitude, double longitude) {
        boolean isPlausible() {
            return latitude >= SOUTH && latitude <= NORTH && longitude >= WEST && longitude <= EAST;
        }
    }

    /** @param regency code of the regency or city whose parts are taken */
    RegionList(String regency) {
        this.regency = regency;
    }

    /** The code with its points, or null when it is none. */
    static @Nullable String code(String text) {
        var code = text.strip();
        if (CODE.matcher(code).matches()) {
            return code;
        }
        var bare = BARE.matcher(code);
        if (!bare.matches()) {
            return null;
        }
        var parts = new ArrayList<String>();
        for (var i = 1; i <= bare.groupCount() && bare.group(i) != null; i++) {
            parts.add(bare.group(i));
        }
        var dotted = String.join(".", parts);
        return CODE.matcher(dotted).matches() ? dotted : null;
    }

    boolean isOurs(String code) {
        return code.startsWith(regency + ".") && (code.length() == DISTRICT || code.length() == VILLAGE);
    }

    /** @return the key of what is wrong with it, or null */
    @Nullable
    String add(String code, @Nullable String name, @Nullable Position position) {
        if (name != null) {
            var line = name.replaceAll("\\s+", " ").strip();
            if (line.isEmpty() || line.length() > LONGEST_NAME) {
                return "operation.region.name";
            }
            names.put(code, line);
        }
        if (position != null) {
            if (!position.isPlausible()) {
                return "operation.region.position";
            }
            positions.put(code, position);
        }
        return null;
    }

    /** Codes of villages whose district is in no file. */
    List<String> orphans() {
        return names.keySet().stream()
                .filter(code -> code.length() == VILLAGE && !names.containsKey(code.substring(0, DISTRICT)))
                .toList();
    }

    int districts() {
        return count(DISTRICT);
    }

    int villages() {
        return count(VILLAGE);
    }

    private int count(int length) {
        return (int)
                names.keySet().stream().filter(code -> code.length() == length).count();
    }

    /** Names of those whose position no file tells, districts before their villages. */
    List<String> withoutPosition() {
        return found().stream()
                .flatMap(district -> java.util.stream.Stream.concat(
                        district.latitude() == null
                                ? java.util.stream.Stream.of(district.code() + " " + district.name())
                                : java.util.stream.Stream.empty(),
                        district.villages().stream()
                                .filter(village -> village.latitude() == null)
                                .map(village -> village.code() + " " + village.name())))
                .toList();
    }

    /** A district without a position of its own stands in the middle of its villages. */
    List<District> found() {
        var districts = new ArrayList<District>();
        names.forEach((code, name) -> {
            if (code.length() == DISTRICT) {
                var villages = villages(code);
                var position = positions.containsKey(code) ? positions.get(code) : middle(villages);
                districts.add(new District(
                        code,
                        name,
                        position == null ? null : position.latitude(),
                        position == null ? null : position.longitude(),
                        villages));
            }
        });
        return districts;
    }

    private List<Village> villages(String district) {
        return names.entrySet().stream()
                .filter(each ->
                        each.getKey().length() == VILLAGE && each.getKey().startsWith(district + "."))
                .map(each -> {
                    var position = positions.get(each.getKey());
                    return new Village(
                            each.getKey(),
                            each.getValue(),
                            position == null ? null : position.latitude(),
                            position == null ? null : position.longitude());
                })
                .sorted(Comparator.comparing(Village::code))
                .toList();
    }

    private static @Nullable Position middle(List<Village> villages) {
        var known = new ArrayList<Position>();
        for (var village : villages) {
            var latitude = village.latitude();
            var longitude = village.longitude();
            if (latitude != null && longitude != null) {
                known.add(new Position(latitude, longitude));
            }
        }
        return known.isEmpty()
                ? null
                : new Position(
                        known.stream().mapToDouble(Position::latitude).average().orElseThrow(),
                        known.stream()
                                .mapToDouble(Position::longitude)
                                .average()
                                .orElseThrow());
    }
}
