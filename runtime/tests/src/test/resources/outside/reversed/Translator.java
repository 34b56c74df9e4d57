package reversed;

import java.util.*;
import java.util.stream.Stream;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.nn.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Encoder and decoder (Vaswani et al., arXiv:1706.03762): what is written looks at all of the source. */
@Component
@Seat(kind = Seat.MODEL, id = "translator", summary = "a transformer that reads one row and writes another")
public final class Translator implements ModelFamily<Translator.Sizes> {
    public record Sizes(
            @Default("1") int layers,
            @Default("2") int heads,
            @Default("32") int width) {}

    public Model create(Sizes own, Dimensions data) {
        if (own.width() % own.heads() != 0) {
            throw InputError.field("heads", own.heads() + " do not divide the width " + own.width());
        }
        var token = new Embedding(data.get("vocab"), own.width());
        var from = new Embedding(data.get("from"), own.width());
        var to = new Embedding(data.get("to"), own.width());
        var block = TransformerBlock.of(own.width(), own.heads(), 4, own.layers(), true, true);
        var norm = new LayerNorm(own.width());
        List<Parameter> parameters = new ArrayList<>();
        Stream.of(token.in("token"), from.in("from"), to.in("to"), norm.in("read"), norm.in("written"))
                .flatMap(layer -> layer)
                .forEach(parameters::add);
        for (int layer = 0; layer < own.layers(); layer++) {
            block.in("reader" + layer).forEach(parameters::add);
            block.in("writer" + layer).forEach(parameters::add);
            norm.in("writer" + layer + ".norm3").forEach(parameters::add);
            block.attention().in("writer" + layer + ".cross").forEach(parameters::add);
        }
        return Model.of(
                "i32 source[batch,from]; i32 target[batch,to] -> f32 logits[batch,to,vocab]",
                data,
                parameters,
                (weights, inputs, pass) -> {
                    var read = embedded(token, from, weights.in("token"), weights.in("from"), inputs.get("source"));
                    for (int layer = 0; layer < own.layers(); layer++) {
                        read = block.apply(weights.in("reader" + layer), read, (Tensor) null, Dropout.NONE);
                    }
                    var memory = norm.apply(weights.in("read"), read);
                    var x = embedded(token, to, weights.in("token"), weights.in("to"), inputs.get("target"));
                    int written = x.shape().extent(1);
                    var earlier = Functions.causalMask(x.tracer(), written, written);
                    for (int layer = 0; layer < own.layers(); layer++) {
                        var ours = weights.in("writer" + layer);
                        var before = x;
                        x = block.apply(
                                ours,
                                x,
                                normal -> {
                                    var self = block.attention()
                                            .apply(ours.in("attention"), normal, earlier, Dropout.NONE);
                                    var asking = norm.apply(ours.in("norm3"), before.add(self));
                                    return self.add(block.attention()
                                            .cross(ours.in("cross"), asking, memory, null, Dropout.NONE));
                                },
                                Dropout.NONE);
                    }
                    return Map.of("logits", token.scores(weights.in("token"), norm.apply(weights.in("written"), x)));
                });
    }

    private static Tensor embedded(Embedding token, Embedding place, Weights tokens, Weights places, Tensor row) {
        return token.apply(tokens, row).add(place.first(places, row.shape().extent(1)));
    }
}
