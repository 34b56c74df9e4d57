package pictures;

import java.util.*;
import java.util.stream.Stream;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.nn.Linear;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** A number for a picture, the larger the truer it looks. Smooth, so that its gradients have gradients. */
@Component
@Seat(kind = Seat.MODEL, id = "critic", summary = "a score for a picture")
public final class Critic implements ModelFamily<Critic.Sizes> {
    public record Sizes(
            @Default("128") @Range(min = 1, max = 4096) int width) {}

    public Model create(Sizes sizes, Dimensions data) {
        int width = sizes.width();
        var first = new Linear(data.get("pixel"), width, true, he(data.get("pixel")));
        var second = new Linear(width, width, true, he(width));
        var last = new Linear(width, 1, true, he(width));
        return Model.of(
                "f32 pixels[batch,pixel] -> f32 score[batch]",
                Dimensions.none(),
                Stream.of(first.in("first"), second.in("second"), last.in("last"))
                        .flatMap(layer -> layer)
                        .toList(),
                (weights, inputs, _) -> {
                    Tensor x = Functions.silu(first.apply(weights.in("first"), inputs.get("pixels")));
                    x = Functions.silu(second.apply(weights.in("second"), x));
                    return Map.of("score", last.apply(weights.in("last"), x).reshape(-1));
                });
    }

    /** Keeps the variance through a layer that half of what enters is cut off of (He et al., arXiv:1502.01852). */
    static Initializer he(int inputs) {
        return new Initializer.Normal(Math.sqrt(2.0 / inputs));
    }
}
