package points;

import java.util.*;
import java.util.stream.Stream;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.nn.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** The noise in a point, told from the point, how noisy it is and which kind it is of; one more kind is none. */
@Component
@Seat(kind = Seat.MODEL, id = "cloud-denoiser", summary = "an MLP that tells the noise in a point of a kind")
public final class Denoiser implements ModelFamily<Denoiser.Sizes> {
    private static final int WAVES = 4;

    public record Sizes(
            @Default("96") @Range(min = 2, max = 4096) int width) {}

    public Model create(Sizes sizes, Dimensions data) {
        int width = sizes.width();
        int coordinates = data.get("coordinate");
        int kinds = data.get("kind");
        var point = new Linear(coordinates + 2 * WAVES, width, true, new Initializer.Normal(0.3));
        var kind = new Embedding(kinds + 1, width, new Initializer.Normal(0.3));
        var inner = new Linear(width, width, true, new Initializer.Normal(Math.sqrt(2.0 / width)));
        var last = new Linear(width, coordinates, true, new Initializer.Normal(0.02));
        return Model.of(
                "f32 noisy[batch,coordinate]; f32 time[batch]; i32 label[batch] -> f32 noise[batch,coordinate]",
                new Dimensions(Map.of("coordinate", coordinates, "kind", kinds)),
                Stream.of(point.in("point"), kind.in("kind"), inner.in("inner"), last.in("last"))
                        .flatMap(layer -> layer)
                        .toList(),
                (weights, inputs, _) -> {
                    Tensor seen = Tensor.concat(1, List.of(inputs.get("noisy"), waves(inputs.get("time"))));
                    Tensor x = point.apply(weights.in("point"), seen)
                            .add(kind.apply(weights.in("kind"), inputs.get("label")));
                    x = Functions.silu(inner.apply(weights.in("inner"), Functions.silu(x)));
                    return Map.of("noise", last.apply(weights.in("last"), x));
                });
    }

    /** A time from 0 to 1 as sines and cosines of growing frequency: {@code [batch]} to {@code [batch, 2 waves]}. */
    private static Tensor waves(Tensor time) {
        List<Tensor> waves = new ArrayList<>();
        for (int i = 0; i < WAVES; i++) {
            Tensor angle = time.mul(Math.PI / 2 * (1 << i)).reshape(-1, 1);
            waves.add(angle.sin());
            waves.add(angle.cos());
        }
        return Tensor.concat(1, waves);
    }
}
