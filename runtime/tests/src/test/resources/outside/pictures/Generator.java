package pictures;

import java.util.*;
import java.util.stream.Stream;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.nn.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Pictures from noise: an MLP with batch normalisation (Ioffe and Szegedy, arXiv:1502.03167). */
@Component
@Seat(kind = Seat.MODEL, id = "glyph-generator", summary = "pictures from noise, with batch normalisation")
public final class Generator implements ModelFamily<Generator.Sizes> {
    public record Sizes(
            @Help("numbers that a picture is made of") @Default("16") @Range(min = 1, max = 1024)
            int latent,

            @Default("128") @Range(min = 1, max = 4096) int width) {}

    public Model create(Sizes sizes, Dimensions data) {
        var first = new Linear(sizes.latent(), sizes.width(), true, Critic.he(sizes.latent()));
        var second = new Linear(sizes.width(), sizes.width(), true, Critic.he(sizes.width()));
        var last = new Linear(sizes.width(), data.get("pixel"), true, Critic.he(sizes.width()));
        var norm = new BatchNorm(sizes.width());
        return Model.of(
                "f32 noise[batch,latent] -> f32 pixels[batch,pixel]",
                Dimensions.of("latent", sizes.latent()),
                Stream.of(first.in("first"), norm.in("norm1"), second.in("second"), norm.in("norm2"), last.in("last"))
                        .flatMap(layer -> layer)
                        .toList(),
                Stream.of("norm1", "norm2").flatMap(norm::statistics).toList(),
                (weights, inputs, pass) -> {
                    Tensor x = first.apply(weights.in("first"), inputs.get("noise"));
                    x = Functions.relu(norm.apply(weights, "norm1", x, pass));
                    x = second.apply(weights.in("second"), x);
                    x = Functions.relu(norm.apply(weights, "norm2", x, pass));
                    return Map.of("pixels", Functions.sigmoid(last.apply(weights.in("last"), x)));
                });
    }

    /** Mean 0 and variance 1 over the batch in training, by running statistics else. */
    record BatchNorm(int width) implements Layer {
        private static final double MEMORY = 0.9;
        private static final double EPSILON = 1e-5;

        public List<Parameter> parameters() {
            return List.of(
                    Parameter.of("weight", Initializer.ONES, width), Parameter.of("bias", Initializer.ZEROS, width));
        }

        Stream<Parameter> statistics(String name) {
            return Stream.of(
                            Parameter.of("mean", Initializer.ZEROS, 1, width),
                            Parameter.of("variance", Initializer.ONES, 1, width))
                    .map(statistic -> statistic.in(name));
        }

        /** {@code [batch, width]} to the same. */
        Tensor apply(Weights weights, String name, Tensor x, Pass pass) {
            Tensor mean = weights.in(name).get("mean");
            Tensor variance = weights.in(name).get("variance");
            if (pass.training()) {
                Tensor ofBatch = Functions.meanKeepDims(x, 0);
                Tensor spread = Functions.varianceKeepDims(x, 0);
                pass.keep(name + ".mean", mean.mul(MEMORY).add(ofBatch.mul(1 - MEMORY)));
                pass.keep(name + ".variance", variance.mul(MEMORY).add(spread.mul(1 - MEMORY)));
                mean = ofBatch;
                variance = spread;
            }
            Tensor even = x.sub(mean).mul(variance.add(EPSILON).rsqrt());
            return even.mul(weights.in(name).get("weight")).add(weights.in(name).get("bias"));
        }
    }
}
