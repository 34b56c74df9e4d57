package org.kolotoc.engine.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.kolotoc.engine.experiment.Printable;

/** Curves over one pair of axes, as SVG. */
final class Curves {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 320;
    private static final int LEFT = 60;
    private static final int BOTTOM = 40;
    private static final int MOST_POINTS = 400;

    private record Curve(String name, String colour, List<double[]> points) {}

    private final List<Curve> curves = new ArrayList<>();

    Curves add(String name, String colour, List<double[]> points) {
        if (!points.isEmpty()) {
            curves.add(new Curve(name, colour, points));
        }
        return this;
    }

    /** Means of neighbours, few enough to draw. */
    static List<double[]> smoothed(List<double[]> points) {
        int group = Math.max(1, (points.size() + MOST_POINTS - 1) / MOST_POINTS);
        List<double[]> means = new ArrayList<>();
        for (int i = 0; i < points.size(); i += group) {
            List<double[]> part = points.subList(i, Math.min(points.size(), i + group));
            means.add(new double[] {
                part.getLast()[0],
                part.stream().mapToDouble(p -> p[1]).average().orElse(Double.NaN)
            });
        }
        return means;
    }

    String svg(String xLabel, String yLabel) {
        double maxX = curves.stream()
                .flatMap(c -> c.points().stream())
                .mapToDouble(p -> p[0])
                .max()
                .orElse(1);
        double minY = curves.stream()
                .flatMap(c -> c.points().stream())
                .mapToDouble(p -> p[1])
                .min()
                .orElse(0);
        double maxY = curves.stream()
                .flatMap(c -> c.points().stream())
                .mapToDouble(p -> p[1])
                .max()
                .orElse(1);
        double low = Math.floor(minY * 4) / 4;
        double high = Math.max(low + 0.25, Math.ceil(maxY * 4) / 4);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", WIDTH, HEIGHT, "loss by step"));
        for (int i = 0; i <= 5; i++) {
            double value = low + (high - low) * i / 5;
            double y = y(value, low, high);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#8884\"/><text x=\"%d\" y=\"%.1f\""
                            + " text-anchor=\"end\">%.2f</text>\n",
                    LEFT,
                    WIDTH,
                    y,
                    y,
                    LEFT - 6,
                    y + 4,
                    value));
            double step = maxX * i / 5;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>\n",
                    Math.min(WIDTH - 18, x(step, maxX)),
                    HEIGHT - 20,
                    step));
        }
        svg.append(String.format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", (LEFT + WIDTH) / 2, HEIGHT - 4, xLabel));
        svg.append(String.format("<text x=\"4\" y=\"12\">%s</text>\n", yLabel));
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            StringBuilder path = new StringBuilder();
            for (double[] point : curve.points()) {
                path.append(path.isEmpty() ? "M" : "L")
                        .append(String.format(Locale.ROOT, "%.1f %.1f", x(point[0], maxX), y(point[1], low, high)));
            }
            svg.append(String.format(
                    "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", path, curve.colour()));
            svg.append(String.format(
                    "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/><text x=\"%d\""
                            + " y=\"%d\">%s</text>\n",
                    WIDTH - 240,
                    14 + 18 * i,
                    curve.colour(),
                    WIDTH - 220,
                    20 + 18 * i,
                    Printable.markup(curve.name())));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(double step, double max) {
        return LEFT + (WIDTH - LEFT - 4) * (max == 0 ? 0 : step / max);
    }

    private static double y(double value, double low, double high) {
        return 16 + (HEIGHT - BOTTOM - 16) * (1 - (value - low) / (high - low));
    }
}
