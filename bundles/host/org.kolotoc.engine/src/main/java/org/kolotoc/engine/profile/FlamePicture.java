package org.kolotoc.engine.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.picture.Label;

/**
 * The time of a step as nested bars, as wide as it takes: phase and program, layers, kernels. First with alike layers
 * together, then each for itself. An SVG that needs nothing else; a bar tells its numbers where the pointer rests.
 */
public final class FlamePicture {
    private static final int WIDTH = 1200;
    private static final int ROW = 19;
    private static final int GAP = 34;
    private static final double CHARACTER = 6.4;
    private static final double LEAST_WIDTH = 0.25;

    private static final String LAYER = "#ddd9cf";
    private static final Map<String, String> COLOURS = Map.of(
            "matmul", "#f2a65a",
            "fused", "#8fbce6",
            "attention", "#e58fa0",
            "gather", "#b9a7e0",
            "scatter", "#b9a7e0",
            "window", "#b9a7e0",
            "outside", "#c4c4c0");

    private final StringBuilder svg = new StringBuilder();

    private FlamePicture() {}

    /** A bar and what stands below it. */
    private static final class Bar {
        private final Map<String, Bar> parts = new LinkedHashMap<>();
        private final String colour;
        private double ms;
        private int launches;
        private String detail = "";

        Bar(String colour) {
            this.colour = colour;
        }

        Bar part(String name, String colour) {
            return parts.computeIfAbsent(name, _ -> new Bar(colour));
        }

        void add(double more, int count) {
            ms += more;
            launches += count;
        }

        int depth() {
            return 1 + parts.values().stream().mapToInt(Bar::depth).max().orElse(0);
        }
    }

    /** The picture of a profile. */
    public static String svg(Profile profile) {
        FlamePicture picture = new FlamePicture();
        int y = 0;
        for (Profile.Phase phase : profile.phases()) {
            List<Profile.Kernel> alike = phase.kernels();
            y = picture.bars(phase, "alike layers together", bars(phase, alike, true), y);
            y = picture.bars(phase, "every layer", bars(phase, alike, false), y);
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + y
                + "\" width=\"100%\" font-family=\"system-ui, sans-serif\" font-size=\"11\">\n"
                + picture.svg + "</svg>\n";
    }

    private static Bar bars(Profile.Phase phase, List<Profile.Kernel> kernels, boolean together) {
        Bar step = new Bar(LAYER);
        for (Profile.Kernel kernel : kernels) {
            String[] rooms = (together ? kernel.room() : kernel.name()).split("\\.");
            Bar bar = step;
            bar.add(kernel.ms(), 1);
            bar = bar.part(kernel.program(), LAYER);
            bar.add(kernel.ms(), 1);
            for (int i = 0; i < rooms.length; i++) {
                boolean last = i == rooms.length - 1;
                String colour = last ? COLOURS.getOrDefault(kernel.kind(), LAYER) : LAYER;
                bar = bar.part(last ? rooms[i] + " " + kernel.detail() : rooms[i], colour);
                bar.add(kernel.ms(), 1);
                bar.detail = last ? kernel.kind() : "";
            }
        }
        if (phase.outsideMs() > 0) {
            step.add(phase.outsideMs(), 0);
            step.part("outside of kernels", COLOURS.get("outside")).add(phase.outsideMs(), 0);
        }
        return step;
    }

    /** Draws from {@code top} down; the y below it. */
    private int bars(Profile.Phase phase, String how, Bar step, int top) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"0\" y=\"%d\" style=\"fill: #777; font-size: 13px\">%s: %.2f ms a step, %s</text>\n",
                top + 20,
                Printable.markup(phase.name()),
                phase.stepMs(),
                how));
        draw("step", step, 0, top + GAP - 6, WIDTH / Math.max(1e-9, step.ms), step.ms);
        return top + GAP + step.depth() * ROW;
    }

    private void draw(String name, Bar bar, double x, int y, double scale, double all) {
        double width = bar.ms * scale;
        if (width < LEAST_WIDTH) {
            return;
        }
        svg.append(String.format(
                Locale.ROOT,
                "<g><title>%s: %.3f ms, %.1f %%%s%s</title><rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\""
                        + " rx=\"2\" fill=\"%s\" stroke=\"#fff\" stroke-width=\"0.5\"/>",
                Printable.markup(name),
                bar.ms,
                100 * bar.ms / all,
                bar.launches > 1 ? ", " + bar.launches + " launches" : "",
                bar.detail.isEmpty() ? "" : ", " + Printable.markup(bar.detail),
                x,
                y,
                width,
                ROW - 1,
                bar.colour));
        String label = bar.launches > 1 && !bar.detail.isEmpty() ? "x" + bar.launches + " " + name : name;
        if (width - 4 >= 3 * CHARACTER) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.2f\" y=\"%d\" style=\"fill: #222; font-size: 11px\">%s</text>",
                    x + 3,
                    y + 13,
                    Printable.markup(Label.fitting(label, width - 4, 11))));
        }
        svg.append("</g>\n");
        double at = x;
        for (Map.Entry<String, Bar> part : bar.parts.entrySet()) {
            draw(part.getKey(), part.getValue(), at, y + ROW, scale, all);
            at += part.getValue().ms * scale;
        }
    }
}
