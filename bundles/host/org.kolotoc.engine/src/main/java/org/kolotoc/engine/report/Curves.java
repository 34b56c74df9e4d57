package org.kolotoc.engine.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.kolotoc.engine.experiment.Printable;

/** Curves over one pair of axes, as SVG. */
final class Curves {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 320;
    private static final int LEFT = 60;
    private static final int BOTTOM = 40;
    private static final int INTERVALS = 5;
    private static final List<String> COLOURS =
            List.of("#1f6feb", "#8a8a86", "#c4622d", "#2b8a3e", "#8250df", "#b3261e");

    private record Curve(String name, List<double[]> points) {}

    private final List<Curve> curves = new ArrayList<>();
    private final Map<Long, String> marks;

    /** @param marks what happened after which steps: a line each, with what it says on being pointed at */
    Curves(Map<Long, String> marks) {
        this.marks = marks;
    }

    void add(String name, List<double[]> points) {
        if (!points.isEmpty()) {
            curves.add(new Curve(name, points));
        }
    }

    /** Whether there is a line to draw: a point alone is none. */
    boolean drawable() {
        return curves.stream().anyMatch(curve -> curve.points().size() > 1);
    }

    private DoubleStream all(int coordinate) {
        return curves.stream().flatMap(curve -> curve.points().stream()).mapToDouble(point -> point[coordinate]);
    }

    /**
     * The picture.
     *
     * @param unit of the values; empty for plain numbers
     */
    String svg(String unit) {
        double maxX = all(0).max().orElse(1);
        Axis axis = Axis.of(all(1).min().orElse(0), all(1).max().orElse(1));
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s by step\">\n",
                WIDTH,
                HEIGHT,
                Printable.markup(
                        String.join(", ", curves.stream().map(Curve::name).toList()))));
        for (int i = 0; i <= INTERVALS; i++) {
            double value = axis.low() + axis.step() * i;
            double y = y(value, axis);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#8884\"/><text x=\"%d\" y=\"%.1f\""
                            + " text-anchor=\"end\">%s</text>\n",
                    LEFT,
                    WIDTH,
                    y,
                    y,
                    LEFT - 6,
                    y + 4,
                    label(value, axis)));
            double step = maxX * i / INTERVALS;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>\n",
                    Math.min(WIDTH - 18, x(step, maxX)),
                    HEIGHT - 20,
                    step));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">step</text>\n",
                (LEFT + WIDTH) / 2,
                HEIGHT - 4));
        marks.forEach((step, what) -> svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"16\" y2=\"%2$d\" stroke=\"#c4622d\" stroke-dasharray=\"4 3\">"
                        + "<title>%3$s</title></line>\n",
                x(Math.min(step, maxX), maxX),
                HEIGHT - BOTTOM,
                Printable.markup(what))));
        svg.append("<text x=\"4\" y=\"12\">").append(Printable.markup(unit)).append("</text>\n");
        for (int i = 0; i < curves.size(); i++) {
            svg.append(curve(curves.get(i), i, maxX, axis));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String curve(Curve curve, int place, double maxX, Axis axis) {
        String colour = COLOURS.get(place % COLOURS.size());
        StringBuilder path = new StringBuilder();
        for (double[] point : curve.points()) {
            path.append(path.isEmpty() ? "M" : "L")
                    .append(String.format(Locale.ROOT, "%.1f %.1f", x(point[0], maxX), y(point[1], axis)));
        }
        return String.format(
                        Locale.ROOT, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", path, colour)
                + String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/><text x=\"%d\""
                                + " y=\"%d\">%s</text>\n",
                        WIDTH - 240,
                        14 + 18 * place,
                        colour,
                        WIDTH - 220,
                        20 + 18 * place,
                        Printable.markup(curve.name()));
    }

    /** With as many digits as tell two of them apart. */
    private static String label(double value, Axis axis) {
        double largest = Math.max(Math.abs(axis.low()), Math.abs(axis.low() + INTERVALS * axis.step()));
        int digits = 2 + (int) Math.min(12, Math.max(0, Math.ceil(Math.log10(largest / axis.step()))));
        double shown = Math.abs(value) < axis.step() / 100 ? 0 : value;
        BigDecimal rounded = new BigDecimal(shown, new MathContext(digits)).stripTrailingZeros();
        return rounded.precision() - rounded.scale() > 6 || rounded.scale() > 5
                ? rounded.toString()
                : rounded.toPlainString();
    }

    private static double x(double step, double max) {
        return LEFT + (WIDTH - LEFT - 4) * (max == 0 ? 0 : step / max);
    }

    private static double y(double value, Axis axis) {
        return 16 + (HEIGHT - BOTTOM - 16) * (1 - (value - axis.low()) / axis.step() / INTERVALS);
    }

    /** Where an axis begins and how far apart its lines are: 1, 2 or 5 of some power of ten. */
    private record Axis(double low, double step) {
        static Axis of(double min, double max) {
            double least = Math.max(Math.abs(min), Math.abs(max)) * 1e-9;
            double apart = Math.max(Math.max(max / INTERVALS - min / INTERVALS, least), Double.MIN_NORMAL * 1e9);
            double power = Math.pow(10, Math.floor(Math.log10(apart)));
            for (double step : new double[] {power, 2 * power, 5 * power, 10 * power, 20 * power}) {
                double low = Math.floor(min / step) * step;
                if (low + INTERVALS * step >= max) {
                    return new Axis(low, step);
                }
            }
            return new Axis(min, apart);
        }
    }
}
