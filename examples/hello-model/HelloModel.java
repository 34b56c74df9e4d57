package hello;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Predicts the next token from the last one alone: a table of logits, in two thin factors. */
@Component
@Seat(kind = Seat.MODEL, id = "hello", summary = "the smallest model that learns: a bigram table")
public final class HelloModel implements ModelFamily<HelloModel.Sizes> {
    public record Sizes(
            @Settings.Default("32") @Settings.Range(min = 1, max = 4096)
            int width) {}

    public Model create(Sizes sizes, Dimensions data) {
        var normal = new Initializer.Normal(0.1);
        var in = Parameter.of("in", normal, data.get("vocab"), sizes.width());
        var out = Parameter.of("out", normal, sizes.width(), data.get("vocab"));
        return Model.of(
                "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]",
                Dimensions.of("time", 64),
                List.of(in, out),
                (weights, inputs, pass) -> Map.of(
                        "logits", weights.get("in").gather(inputs.get("tokens")).matmul(weights.get("out"))));
    }
}
