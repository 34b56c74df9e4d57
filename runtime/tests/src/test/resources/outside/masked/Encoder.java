package masked;

import java.util.*;
import java.util.stream.Stream;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.nn.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** A BERT without segments (Devlin et al., arXiv:1810.04805): every token looks at all that are present. */
@Component
@Seat(kind = Seat.MODEL, id = "encoder", summary = "a bidirectional transformer over rows of different lengths")
public final class Encoder implements ModelFamily<Encoder.Sizes> {
    public record Sizes(
            @Default("2") int layers,
            @Default("2") int heads,
            @Default("32") int width,
            @Default("64") int context) {}

    public Model create(Sizes own, Dimensions data) {
        if (own.width() % own.heads() != 0) {
            throw InputError.field("heads", own.heads() + " do not divide the width " + own.width());
        }
        var token = new Embedding(data.get("vocab"), own.width());
        var position = new Embedding(own.context(), own.width());
        var block = TransformerBlock.of(own.width(), own.heads(), 4, own.layers(), true, true);
        var norm = new LayerNorm(own.width());
        List<Parameter> parameters = new ArrayList<>();
        Stream.of(token.in("token"), position.in("position"), norm.in("norm"))
                .flatMap(layer -> layer)
                .forEach(parameters::add);
        for (int layer = 0; layer < own.layers(); layer++) {
            block.in("block" + layer).forEach(parameters::add);
        }
        return Model.of(
                "i32 tokens[batch,time]; bool present[batch,time]? -> f32 logits[batch,time,vocab]",
                Dimensions.of("time", own.context()),
                parameters,
                (weights, inputs, pass) -> {
                    var tokens = inputs.get("tokens");
                    var seen = inputs.containsKey("present") ? Masks.padding(inputs.get("present")) : null;
                    var x = token.apply(weights.in("token"), tokens)
                            .add(position.first(
                                    weights.in("position"), tokens.shape().extent(1)));
                    for (int layer = 0; layer < own.layers(); layer++) {
                        try (var _ = tokens.tracer().segment("block" + layer)) {
                            x = block.apply(weights.in("block" + layer), x, seen, Dropout.NONE);
                        }
                    }
                    return Map.of("logits", token.scores(weights.in("token"), norm.apply(weights.in("norm"), x)));
                });
    }
}
