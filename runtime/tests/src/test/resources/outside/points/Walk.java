package points;

import java.util.*;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Walks from noise to points, step by step, as the denoiser tells; a sample is a picture of many. */
@Component
@Seat(kind = Seat.SAMPLER, id = "walk", summary = "an SVG of points that walk from noise, with guidance")
public final class Walk implements Sampler<Walk.Way> {
    public record Way(
            @Help("points of a picture") @Default("512") @Range(min = 1, max = 100_000)
            int points,

            @Default("100") @Range(min = 1, max = 10_000) int steps,

            @Help("how much further than the kind says points go, away from where those without a kind would go")
            @Default("0.5")
            @Range(min = 0, max = 100)
            double guidance) {}

    public Needs needs(Way way) {
        return Needs.of(
                "f32 noisy[batch,coordinate]; f32 time[batch]; i32 label[batch] -> f32 noise[batch,coordinate]",
                "f32 point[batch,coordinate]; i32 label[batch]");
    }

    public Sampling prepare(Way way, ProgramContext run) {
        Model model = run.model("model");
        Shape shape = Shape.of(way.points(), 2);
        run.state().declareScratch("walk", List.of(new Parameter("points", DType.F32, shape, Initializer.ZEROS)));
        Tracer trace = new Tracer();
        Tensor points = trace.state("walk/points", DType.F32, shape);
        Tensor kinds = trace.feed("kinds", DType.I32, Shape.of(way.points()));
        Tensor none = kinds.constant(model.limits().get("kind")).broadcast(kinds.shape());
        Tensor time = trace.feed("time", DType.F32, Shape.scalar());
        // Both conditions at once: the first half of the rows knows its kind, the second does not.
        Tensor told = model.forward(
                        model.weights(trace, "model"),
                        Map.of(
                                "noisy", Tensor.concat(0, List.of(points, points)),
                                "label", Tensor.concat(0, List.of(kinds, none)),
                                "time", time.broadcast(Shape.of(2 * way.points()))),
                        Pass.inference())
                .get("noise");
        Tensor aware = told.slice(0, 0, way.points());
        Tensor unaware = told.slice(0, way.points(), 2 * way.points());
        Tensor noise = aware.add(aware.sub(unaware).mul(way.guidance()));
        Tensor less = points.sub(noise.mul(trace.feed("share", DType.F32, Shape.scalar())));
        Tensor fresh = trace.normal(trace.feed("key", DType.I32, Shape.of(2)), shape);
        Tensor next = less.mul(trace.feed("scale", DType.F32, Shape.scalar()))
                .add(fresh.mul(trace.feed("deviation", DType.F32, Shape.scalar())));
        trace.update(points, next);
        trace.output("points", next);
        return new Walking(way, run, run.prepare("walk", trace.program()));
    }

    private record Walking(Way way, ProgramContext run, BoundProgram step) implements Sampling {
        public List<Sample> draw(int count, String stream, Reached told) {
            Noise noise = new Noise(way.steps());
            int[] kinds = IntStream.range(0, way.points())
                    .map(i -> i % run.model("model").limits().get("kind"))
                    .toArray();
            step.buffer("kinds").write(kinds);
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                CounterRandom random = new CounterRandom(run.seed(), stream + "/" + i);
                float[] points = new float[2 * way.points()];
                for (int at = 0; at < points.length; at++) {
                    points[at] = (float) random.normal(at);
                }
                run.state().buffer("walk/points").write(points);
                int key = random.integer(points.length, Integer.MAX_VALUE);
                for (int at = way.steps(); at > 0; at--) {
                    step.feed("time", at / (double) way.steps());
                    step.feed("share", noise.beta(at) / Math.sqrt(1 - noise.signal(at)));
                    step.feed("scale", 1 / Math.sqrt(1 - noise.beta(at)));
                    step.feed("deviation", noise.deviation(at));
                    step.feed("key", key, at);
                    step.run();
                    told.reached((long) (i + 1) * way.steps() - at + 1, (long) count * way.steps());
                }
                step.buffer("points").read(points);
                samples.add(new Points(points, kinds).svg());
            }
            return samples;
        }

        public Map<String, List<Sample>> controls(List<Sample> samples) {
            Points training = Points.of(run.data().first("train", way.points()));
            return Map.of(
                    "shuffled", each(samples, points -> points.shuffled(run.seed())),
                    "constant", each(samples, Points::constant),
                    "replayed", each(samples, _ -> training));
        }

        private static List<Sample> each(List<Sample> samples, UnaryOperator<Points> change) {
            return samples.stream()
                    .map(sample -> change.apply(Points.of(sample)).svg())
                    .toList();
        }

        public void close() {
            step.close();
        }
    }
}
