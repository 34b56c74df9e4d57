package org.kolotoc.engine.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.kolotoc.engine.experiment.Printable;

/** A rectangle with lines of text, of which the first is its name. The pointer is told them in full. */
final class Box {
    static final int WIDTH = 208;
    private static final int PADDING = 10;
    private static final int NAME_SIZE = 14;
    private static final int SIZE = 12;
    private static final int LINE = 17;
    private static final int SHOWN = 200;

    final String kind;
    final List<String> lines;
    final int x;
    final int height;
    int y;

    /** @param kind the class of its colours */
    Box(String kind, int x, List<String> lines) {
        this.kind = kind;
        this.x = x;
        this.lines = lines.stream()
                .filter(line -> !line.isEmpty())
                .map(line -> Printable.cut(line, SHOWN))
                .toList();
        this.height = 2 * PADDING + LINE * this.lines.size();
    }

    String name() {
        return lines.getFirst();
    }

    int middle() {
        return y + height / 2;
    }

    String svg() {
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<g class=\"box %s\"><title>%s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\"/>",
                kind,
                Printable.markup(String.join("\n", lines)),
                x,
                y,
                WIDTH,
                height));
        List<String> shown = new ArrayList<>(lines);
        for (int i = 0; i < shown.size(); i++) {
            int size = i == 0 ? NAME_SIZE : SIZE;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>",
                    i == 0 ? "name" : "more",
                    x + PADDING,
                    y + PADDING + LINE * i + 13,
                    Printable.markup(Label.fitting(shown.get(i), WIDTH - 2.0 * PADDING, size))));
        }
        return svg.append("</g>\n").toString();
    }
}
