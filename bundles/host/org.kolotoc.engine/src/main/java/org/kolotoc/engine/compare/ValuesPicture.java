package org.kolotoc.engine.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.engine.experiment.Printable;

/** What was compared, a column for each seed with a dot for each side, as SVG. */
record ValuesPicture(List<String> sides, Map<String, List<Finding.Value>> values) {
    private static final int HEIGHT = 160;
    private static final int LEFT = 90;
    private static final int COLUMN = 60;
    private static final int MARGIN = 24;
    private static final List<String> COLOURS = List.of("#1f6feb", "#c4622d");

    /** The picture; empty where there is nothing to draw. */
    String svg() {
        TreeSet<Long> seeds = new TreeSet<>();
        values.values().forEach(all -> all.forEach(value -> seeds.add(value.seed())));
        if (seeds.isEmpty()) {
            return "";
        }
        double low = all().min().orElse(0);
        double high = all().max().orElse(1);
        double span = high > low ? high - low : 1;
        List<Long> columns = List.copyOf(seeds);
        int width = LEFT + COLUMN * columns.size() + MARGIN;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"values by seed\">\n",
                width,
                HEIGHT,
                width,
                HEIGHT));
        text(svg, 0, MARGIN, Judgement.number(high));
        text(svg, 0, HEIGHT - MARGIN, Judgement.number(low));
        for (int i = 0; i < columns.size(); i++) {
            text(svg, x(i) - 12, HEIGHT - 4, "seed " + columns.get(i));
        }
        for (int side = 0; side < sides.size(); side++) {
            String colour = COLOURS.get(side % COLOURS.size());
            for (Finding.Value value : values.getOrDefault(sides.get(side), List.of())) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle cx=\"%d\" cy=\"%.1f\" r=\"5\" fill=\"%s\"><title>%s, seed %d: %s</title></circle>\n",
                        x(columns.indexOf(value.seed())) + 10 * side,
                        HEIGHT - MARGIN - 5 - (value.value() - low) / span * (HEIGHT - 2 * MARGIN - 5),
                        colour,
                        Printable.markup(sides.get(side)),
                        value.seed(),
                        Judgement.number(value.value())));
            }
        }
        return svg.append("</svg>\n").toString();
    }

    /** Which colour is whose. */
    static String legend(List<String> sides) {
        StringBuilder html = new StringBuilder("<p class=\"small\">");
        for (int side = 0; side < sides.size(); side++) {
            html.append("<span style=\"color:")
                    .append(COLOURS.get(side % COLOURS.size()))
                    .append("\">●</span> ")
                    .append(Printable.markup(sides.get(side)))
                    .append("&emsp;");
        }
        return html.append("</p>\n").toString();
    }

    private DoubleStream all() {
        return values.values().stream().flatMap(List::stream).mapToDouble(Finding.Value::value);
    }

    private static int x(int column) {
        return LEFT + COLUMN * column;
    }

    private static void text(StringBuilder svg, int x, int y, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>\n", x, y, Printable.markup(text)));
    }
}
