package masked;

import static org.junit.jupiter.api.Assertions.*;

import java.util.*;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.*;
import org.kolotoc.tck.*;
import org.kolotoc.tensor.*;

class EncoderTest extends ModelFamilyConformance<Encoder.Sizes> {
    @Override
    protected ModelFamily<Encoder.Sizes> family() {
        return new Encoder();
    }

    @Override
    protected Encoder.Sizes settings() {
        return new Encoder.Sizes(2, 2, 8, 5);
    }

    @Override
    protected Stream<Refused<Encoder.Sizes>> refused() {
        return Stream.of(new Refused<>(new Encoder.Sizes(1, 3, 8, 5), "heads"));
    }

    /** The gradient of what is present by the vector of a token that stands in the padding alone. */
    @Test
    void paddingHasExactlyNoGradient() {
        var model = family().create(settings(), dimensions());
        var trace = new Tracer();
        var weights = model.weights(trace, "model");
        var inputs = Map.of(
                "tokens", trace.feed("tokens", DType.I32, Shape.of(1, 5)),
                "present", trace.feed("present", DType.BOOL, Shape.of(1, 5)));
        var logits = model.forward(weights, inputs, Pass.inference()).get("logits");
        var some = logits.slice(1, 0, 3).slice(2, 0, 4);
        var wrt = List.of(weights.get("token.weight"), weights.get("position.weight"));
        var gradients = Gradients.of(some.mul(some).sum(), wrt);
        trace.output("token", gradients.get(0));
        trace.output("position", gradients.get(1));
        try (var bench = Bench.of(model, null, 1);
                var program = bench.prepare("gradients", trace.program())) {
            program.buffer("tokens").write(new int[] {1, 2, 3, 6, 6});
            program.buffer("present").write(new int[] {1, 1, 1, 0, 0});
            program.run();
            assertRows(program.buffer("token"), 8, Set.of(4, 5, 6));
            assertRows(program.buffer("position"), 8, Set.of(3, 4));
        }
    }

    private static void assertRows(Buffer gradient, int width, Set<Integer> zeros) {
        float[] all = new float[gradient.shape().size()];
        gradient.read(all);
        for (int row = 0; row < all.length / width; row++) {
            boolean zero = true;
            for (float value : Arrays.copyOfRange(all, row * width, (row + 1) * width)) {
                zero &= value == 0;
            }
            assertEquals(zeros.contains(row), zero, "row " + row);
        }
    }
}
