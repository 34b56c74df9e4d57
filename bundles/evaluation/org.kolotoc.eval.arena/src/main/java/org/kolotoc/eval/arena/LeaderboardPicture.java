package org.kolotoc.eval.arena;

import java.util.List;
import java.util.Locale;

/** Scores with their intervals, a line for each model, as SVG. */
final class LeaderboardPicture {
    private static final int ROW = 20;
    private static final int TOP = 34;
    private static final int BOTTOM = 30;
    private static final int WIDTH = 900;
    private static final int RIGHT = 20;
    private static final double LETTER = 7;
    private static final int MOST_TICKS = 8;

    private final List<Standing> standings;
    private final double left;
    private final double from;
    private final double to;

    LeaderboardPicture(List<Standing> standings) {
        this.standings = standings;
        this.left = Math.min(
                WIDTH / 2.0,
                20
                        + LETTER
                                * standings.stream()
                                        .mapToInt(s -> s.model().length())
                                        .max()
                                        .orElse(0));
        this.from = standings.stream().mapToDouble(Standing::lower).min().orElse(0);
        this.to = Math.max(
                from + 1, standings.stream().mapToDouble(Standing::upper).max().orElse(1));
    }

    private double x(double score) {
        return left + (score - from) / (to - from) * (WIDTH - RIGHT - left);
    }

    String svg() {
        int height = TOP + ROW * standings.size() + BOTTOM;
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">\n",
                WIDTH, height, WIDTH, height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.append(format("<text x=\"%.1f\" y=\"16\">arena score, with 95%% intervals</text>\n", left));
        double step = step();
        for (double tick = Math.ceil(from / step) * step; tick <= to; tick += step) {
            svg.append(format(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#dddddd\"/>"
                            + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666666\">%.0f</text>\n",
                    x(tick), x(tick), TOP - 8, height - BOTTOM + 4, x(tick), height - BOTTOM + 18, tick));
        }
        for (int i = 0; i < standings.size(); i++) {
            row(svg, standings.get(i), TOP + ROW * i + ROW / 2);
        }
        return svg.append("</svg>\n").toString();
    }

    private void row(StringBuilder svg, Standing standing, int y) {
        svg.append(format(
                "<g><title>%s: %.0f %s, %d votes</title>",
                escaped(standing.model()), standing.score(), standing.interval(), standing.votes()));
        svg.append(format(
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"end\">%s</text>", left - 8, y + 4, escaped(standing.model())));
        svg.append(format(
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#1f6feb\" stroke-width=\"2\"/>",
                x(standing.lower()), x(standing.upper()), y, y));
        svg.append(format("<circle cx=\"%.1f\" cy=\"%d\" r=\"3.5\" fill=\"#1f6feb\"/></g>\n", x(standing.score()), y));
    }

    /** 1, 2 or 5 of a power of ten, so that there are few lines. */
    private double step() {
        double step = 1;
        for (int i = 0; (to - from) / step > MOST_TICKS; i++) {
            step *= i % 3 == 1 ? 2.5 : 2;
        }
        return step;
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
