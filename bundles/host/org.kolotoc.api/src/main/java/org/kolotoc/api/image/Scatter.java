package org.kolotoc.api.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.Sample;

/**
 * Points of the plane, each of a class. As a picture each is a dot in the colour of its class, y growing upwards; what is drawn
 * can be read back to the last bit.
 *
 * @param places {@code [count, 2]}, x before y
 * @param labels {@code [count]}
 */
public record Scatter(float[] places, int[] labels) {
    private static final Pattern DOT = Pattern.compile("<circle class=\"k(\\d+)\" cx=\"([^\"]+)\" cy=\"([^\"]+)\"");

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException when there are not two numbers for each label
     */
    public Scatter {
        if (places.length != 2 * labels.length) {
            throw new IllegalArgumentException(places.length + " numbers are no points of the plane with "
                    + labels.length + " labels; expected " + 2 * labels.length);
        }
    }

    public int count() {
        return labels.length;
    }

    /**
     * Those that a picture shows.
     *
     * @throws IllegalArgumentException when it is no SVG, or shows something else
     */
    public static Scatter of(Sample picture) {
        if (!picture.mediaType().equals("image/svg+xml")) {
            throw new IllegalArgumentException(
                    "a sample of the type " + picture.mediaType() + "; expected points as image/svg+xml");
        }
        int count = 0;
        Matcher dots = DOT.matcher(picture.text());
        while (dots.find()) {
            count++;
        }
        float[] places = new float[2 * count];
        int[] labels = new int[count];
        dots.reset();
        for (int i = 0; dots.find(); i++) {
            labels[i] = Integer.parseInt(dots.group(1));
            places[2 * i] = Float.parseFloat(dots.group(2));
            places[2 * i + 1] = Float.parseFloat(dots.group(3));
        }
        return new Scatter(places, labels);
    }

    /** All of them in one SVG, as large as they need. */
    public Sample svg() {
        double far = 1e-3;
        for (float place : places) {
            far = Float.isFinite(place) ? Math.max(far, 1.1 * Math.abs(place)) : far;
        }
        StringBuilder svg = new StringBuilder(80 * count() + 200);
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"%g %g %g %g\" width=\"480\">\n"
                        + "<g transform=\"scale(1,-1)\">\n",
                -far,
                -far,
                2 * far,
                2 * far));
        int classes = 1 + Arrays.stream(labels).max().orElse(0);
        String radius = String.format(Locale.ROOT, "%g", far / 200);
        for (int i = 0; i < count(); i++) {
            // The shortest decimals that are read as the same number.
            svg.append("<circle class=\"k").append(labels[i]);
            svg.append("\" cx=\"").append(places[2 * i]);
            svg.append("\" cy=\"").append(places[2 * i + 1]);
            svg.append("\" r=\"").append(radius);
            svg.append("\" fill=\"hsl(").append(360 * labels[i] / classes).append(",70%,45%)\"/>\n");
        }
        return new Sample(
                "image/svg+xml", svg.append("</g>\n</svg>\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** As many times the first point: a control, see {@link org.kolotoc.api.Sampling}. */
    public Scatter constant() {
        float[] all = new float[places.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = places[i % 2];
        }
        return new Scatter(all, labels);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scatter that
                && Arrays.equals(places, that.places)
                && Arrays.equals(labels, that.labels);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(places);
    }
}
