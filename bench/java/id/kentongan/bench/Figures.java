// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured: a line for people when it is known, one line for programs at the end. */
final class Figures {
    private final String name;
    private final boolean json;
    private final List<Figure> figures = new ArrayList<>();

    Figures(String name, boolean json) {
        this.name = name;
        this.json = json;
    }

    /** @param target "≥ 500" or "< 50", or "-" for what has none */
    private record Figure(String name, double value, String unit, String target, boolean met) {}

    /** Something measured that has no target. */
    void note(String what, double value, String unit) {
        add(new Figure(what, value, unit, "-", true));
    }

    void atLeast(String what, double value, String unit, double target) {
        add(new Figure(what, value, unit, "≥ " + number(target), value >= target));
    }

    void below(String what, double value, String unit, double target) {
        add(new Figure(what, value, unit, "< " + number(target), value < target));
    }

    void atMost(String what, double value, String unit, double target) {
        add(new Figure(what, value, unit, "≤ " + number(target), value <= target));
    }

    private void add(Figure figure) {
        figures.add(figure);
        if (!json) {
            System.out.printf(
                    "%-24s %12s %-6s %-8s %s%n",
                    figure.name,
                    number(figure.value),
                    figure.unit,
                    figure.target,
                    figure.target.equals("-") ? "" : figure.met ? "ok" : "missed");
        }
    }

    static void progress(String words) {
        System.err.println(words);
    }

    /** Everything as one object on one line. */
    void line() {
        var text = new StringBuilder("{\"name\":\"").append(name).append("\",\"figures\":[");
        for (var figure : figures) {
            text.append(text.charAt(text.length() - 1) == '[' ? "" : ",");
            text.append("{\"name\":\"").append(figure.name).append('"');
            text.append(",\"value\":").append(number(figure.value));
            text.append(",\"unit\":\"").append(figure.unit).append('"');
            if (figure.target.equals("-")) {
                text.append(",\"target\":null,\"met\":null}");
            } else {
                text.append(",\"target\":\"").append(figure.target).append('"');
                text.append(",\"met\":").append(figure.met).append('}');
            }
        }
        System.out.println(text.append("]}"));
    }

    private static String number(double value) {
        var digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
