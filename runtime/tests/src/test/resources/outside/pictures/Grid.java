package pictures;

import java.util.*;
import java.util.function.UnaryOperator;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Pictures from noise, so many in rows and columns of one PNG. */
@Component
@Seat(kind = Seat.SAMPLER, id = "grid", summary = "a PNG of pictures from noise, in rows and columns")
public final class Grid implements Sampler<Grid.Rows> {
    public record Rows(
            @Help("rows, and columns") @Default("8") @Range(min = 1, max = 100)
            int rows) {}

    public Needs needs(Rows rows) {
        return Needs.of("f32 noise[batch,latent] -> f32 pixels[batch,pixel]", "f32 pixels[batch,pixel]");
    }

    public Sampling prepare(Rows rows, ProgramContext run) {
        Model model = run.model("model");
        Tracer trace = new Tracer();
        Tensor key = trace.feed("key", DType.I32, Shape.of(2));
        Tensor noise = trace.normal(
                key, Shape.of(rows.rows() * rows.rows(), model.limits().get("latent")));
        trace.output(
                "pixels",
                model.forward(model.weights(trace, "model"), Map.of("noise", noise), Pass.inference())
                        .get("pixels"));
        return new Drawn(rows.rows(), run, run.prepare("grid", trace.program()));
    }

    private record Drawn(int rows, ProgramContext run, BoundProgram program) implements Sampling {
        public List<Sample> draw(int count, String stream, Reached told) {
            CounterRandom keys = new CounterRandom(run.seed(), stream);
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                program.feed("key", keys.integer(2 * i, 1 << 30), keys.integer(2 * i + 1, 1 << 30));
                program.run();
                float[] pixels = new float[program.buffer("pixels").shape().size()];
                program.buffer("pixels").read(pixels);
                samples.add(Glyphs.pictures(pixels).grid(rows));
                told.reached(i + 1, count);
            }
            return samples;
        }

        public Map<String, List<Sample>> controls(List<Sample> samples) {
            float[] training = run.data().first("train", rows * rows).get("pixels");
            return Map.of(
                    "shuffled", each(samples, pictures -> pictures.shuffled(run.seed())),
                    "constant", each(samples, Pictures::constant),
                    "replayed", each(samples, _ -> Glyphs.pictures(training)));
        }

        private List<Sample> each(List<Sample> samples, UnaryOperator<Pictures> change) {
            return samples.stream()
                    .map(sample -> change.apply(Glyphs.pictures(sample)).grid(rows))
                    .toList();
        }

        public void close() {
            program.close();
        }
    }
}
