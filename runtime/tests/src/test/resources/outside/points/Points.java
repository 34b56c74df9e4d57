package points;

import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.regex.*;
import java.util.stream.*;
import org.kolotoc.api.Sample;
import org.kolotoc.tensor.CounterRandom;

/** Points of the plane, x before y, each of a kind; as a picture a circle for each, in the colour of its kind. */
record Points(float[] places, int[] kinds) {
    private static final Pattern CIRCLE =
            Pattern.compile("<circle class=\"k(\\d+)\" cx=\"([-.\\d]+)\" cy=\"([-.\\d]+)\"");

    /** Those of a part of the data. */
    static Points of(Map<String, float[]> examples) {
        float[] labels = examples.get("label");
        return new Points(
                examples.get("point"),
                IntStream.range(0, labels.length).map(i -> (int) labels[i]).toArray());
    }

    /** Those that a picture shows. */
    static Points of(Sample picture) {
        List<MatchResult> circles = CIRCLE.matcher(picture.text()).results().toList();
        float[] places = new float[2 * circles.size()];
        for (int i = 0; i < circles.size(); i++) {
            places[2 * i] = Float.parseFloat(circles.get(i).group(2));
            places[2 * i + 1] = Float.parseFloat(circles.get(i).group(3));
        }
        return new Points(
                places,
                circles.stream().mapToInt(c -> Integer.parseInt(c.group(1))).toArray());
    }

    Sample svg() {
        String circles = IntStream.range(0, kinds.length)
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "<circle class=\"k%d\" cx=\"%.5f\" cy=\"%.5f\" r=\"0.02\" fill=\"hsl(%d, 70%%, 45%%)\"/>",
                        kinds[i],
                        places[2 * i],
                        places[2 * i + 1],
                        45 * kinds[i]))
                .collect(Collectors.joining("\n"));
        String svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-1.6 -1.6 3.2 3.2\" width=\"320\">\n"
                + circles + "\n</svg>\n";
        return new Sample("image/svg+xml", svg.getBytes(StandardCharsets.UTF_8));
    }

    /** The same places, each with the kind of another. */
    Points shuffled(long seed) {
        CounterRandom random = new CounterRandom(seed, "shuffled");
        int[] others = kinds.clone();
        for (int i = others.length - 1; i > 0; i--) {
            int other = random.integer(i, i);
            int kind = others[i];
            others[i] = others[other];
            others[other] = kind;
        }
        return new Points(places, others);
    }

    /** All at the place of the first. */
    Points constant() {
        float[] all = new float[places.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = places[i % 2];
        }
        return new Points(all, kinds);
    }
}
