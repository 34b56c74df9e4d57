package pictures;

import java.util.*;
import java.util.stream.*;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.nn.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/**
 * Learns to tell the kinds of pictures that there are, and compares samples with held-out pictures by what it sees: the
 * Fréchet distance of its features (Heusel et al., arXiv:1706.08500), each by itself.
 */
@Component
@Seat(kind = Seat.METRIC, id = "glyph-judge", summary = "distance of features, kinds made and pictures copied")
public final class Judge implements Metric<Judge.Effort> {
    /** Of two pictures that are one, the root of the mean square between pixels. */
    private static final double SAME = 0.02;

    private static final int BATCH = 64;
    private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0);

    public record Effort(
            @Help("steps that it learns") @Default("200") @Range(min = 1, max = 1_000_000)
            int steps,

            @Default("32") @Range(min = 1, max = 4096) int features) {}

    public Needs needs(Effort effort) {
        return Needs.none().data("f32 pixels[batch,pixel]; i32 label[batch]; f32 weights[batch]");
    }

    public List<Measure> measures(Effort effort) {
        return List.of(
                Measure.evaluation("glyph-judge", "", Measure.Better.LOWER),
                Measure.evaluation("glyph-judge/kinds", "", Measure.Better.HIGHER),
                Measure.evaluation("glyph-judge/copied", "", Measure.Better.LOWER),
                Measure.evaluation("glyph-judge/skill", "", Measure.Better.HIGHER));
    }

    public void measure(Effort effort, List<Sample> samples, ProgramContext run, Measurements out) {
        Eye eye = new Eye(effort, run);
        eye.learn(effort.steps());
        float[] known = run.data().first("train", 20_000).get("pixels");
        // No sample is as good as a black picture.
        float[] made = new float[samples.isEmpty() ? eye.size : 0];
        int copied = 0;
        for (int i = 0; i < samples.size(); i++) {
            float[] pixels = Glyphs.pictures(samples.get(i)).pixels();
            copied += copied(pixels, known, eye.size);
            made = Arrays.copyOf(made, made.length + pixels.length);
            System.arraycopy(pixels, 0, made, made.length - pixels.length, pixels.length);
            out.reached(i + 1, samples.size());
        }
        Map<String, float[]> heldOut = run.data().first("validation", 2000);
        Seen real = eye.see(heldOut.get("pixels"));
        Seen seen = eye.see(made);
        long right = IntStream.range(0, real.kinds().length)
                .filter(i -> real.kinds()[i] == heldOut.get("label")[i])
                .count();
        out.put("glyph-judge", seen.distance(real));
        out.put("glyph-judge/kinds", seen.share(eye.kinds));
        out.put("glyph-judge/copied", copied / (double) seen.kinds().length);
        out.put("glyph-judge/skill", right / (double) real.kinds().length);
    }

    /** How many of some pictures are among others. */
    private static int copied(float[] pixels, float[] known, int size) {
        int copied = 0;
        for (int picture = 0; picture < pixels.length; picture += size) {
            double nearest = Double.MAX_VALUE;
            for (int other = 0; other < known.length; other += size) {
                double square = 0;
                for (int i = 0; i < size && square < nearest; i++) {
                    double difference = pixels[picture + i] - known[other + i];
                    square += difference * difference;
                }
                nearest = Math.min(nearest, square);
            }
            copied += nearest < size * SAME * SAME ? 1 : 0;
        }
        return copied;
    }

    /** What was seen of some pictures: of each feature the mean and the deviation, of each picture the kind. */
    private record Seen(float[] means, float[] deviations, int[] kinds) {
        double distance(Seen other) {
            double distance = 0;
            for (int i = 0; i < means.length; i++) {
                distance += Math.pow(means[i] - other.means[i], 2) + Math.pow(deviations[i] - other.deviations[i], 2);
            }
            return distance;
        }

        /** The share of kinds that have at least half of what would be theirs. */
        double share(int all) {
            return IntStream.range(0, all)
                            .mapToLong(kind ->
                                    IntStream.of(kinds).filter(k -> k == kind).count())
                            .filter(count -> count > 0 && 2 * count * all >= kinds.length)
                            .count()
                    / (double) all;
        }
    }

    /** A classifier with one hidden layer, which are its features. */
    private static final class Eye {
        private final ProgramContext run;
        private final int size;
        private final int kinds;
        private final Linear hidden;
        private final Linear last;
        private final List<Parameter> parameters;

        Eye(Effort effort, ProgramContext run) {
            this.run = run;
            this.size = run.data().dimensions().get("pixel");
            this.kinds = run.data().dimensions().get("kind");
            this.hidden = new Linear(size, effort.features(), true, Critic.he(size));
            this.last = new Linear(effort.features(), kinds, true, Critic.he(effort.features()));
            this.parameters =
                    Stream.concat(hidden.in("hidden"), last.in("last")).toList();
            run.state().declare("eye", parameters);
            run.state().declare("memory", ADAM.state(parameters));
        }

        private Tensor features(Tracer trace, int pictures) {
            Tensor pixels = trace.feed("pixels", DType.F32, Shape.of(pictures, size));
            return Functions.silu(hidden.apply(weights(trace).in("hidden"), pixels));
        }

        private Tensor logits(Tracer trace, Tensor features) {
            return last.apply(weights(trace).in("last"), features);
        }

        private Weights weights(Tracer trace) {
            return Weights.states(trace, "eye", parameters);
        }

        /** Once in a run. */
        void learn(int steps) {
            Tracer trace = new Tracer();
            Tensor labels = trace.feed("label", DType.I32, Shape.of(BATCH));
            Tensor loss = Losses.crossEntropy(logits(trace, features(trace, BATCH)), labels);
            Tensor number = trace.feed("step", DType.F32, Shape.scalar());
            ADAM.minimize(loss, parameters, weights(trace), "memory", trace.constant(0.003), number);
            Batches batches = run.data().batches("train", Map.of("batch", BATCH), run.seed());
            try (BoundProgram step = run.prepare("learn", trace.program())) {
                for (long i = run.state().counter("learned"); i < steps; i++) {
                    batches.fill(i, step.buffers("pixels", "label"));
                    step.feed("step", i + 1);
                    step.run();
                }
            }
            run.state().counter("learned", steps);
        }

        Seen see(float[] pictures) {
            int count = pictures.length / size;
            Tracer trace = new Tracer();
            Tensor features = features(trace, count);
            trace.output("means", Functions.mean(features, 0));
            trace.output("deviations", Functions.varianceKeepDims(features, 0).sqrt());
            trace.output("kinds", logits(trace, features).argSort(1, true));
            try (BoundProgram look = run.prepare("look", trace.program())) {
                look.buffer("pixels").write(pictures);
                look.run();
                Seen seen = new Seen(new float[hidden.out()], new float[hidden.out()], new int[count]);
                look.buffer("means").read(seen.means());
                look.buffer("deviations").read(seen.deviations());
                look.buffer("kinds").read(seen.kinds());
                return seen;
            }
        }
    }
}
