package org.kolotoc.tck.onnx;

import java.util.Map;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;

/** Operators that work on each element alone: activations, choices. */
final class Elementwise {
    static final Map<String, Operator> ROWS = Map.ofEntries(
            Map.entry("Tanh", Operator.of(c -> c.x(0).tanh())),
            Map.entry("Erf", Operator.of(c -> c.x(0).erf())),
            Map.entry("Relu", Operator.of(c -> Functions.relu(c.x(0)))),
            Map.entry("Sigmoid", Operator.of(c -> Functions.sigmoid(c.x(0)))),
            Map.entry("Softplus", Operator.of(c -> Functions.softplus(c.x(0)))),
            Map.entry("Softsign", Operator.of(c -> c.x(0).div(c.x(0).abs().add(1)))),
            Map.entry("Swish", Operator.of(c -> c.x(0).mul(Functions.sigmoid(c.x(0).mul(c.number("alpha", 1)))))),
            Map.entry("Gelu", Operator.of(Elementwise::gelu)),
            Map.entry("Elu", Operator.of(c -> piecewise(c.x(0), exponential(c.x(0), c.number("alpha", 1))))),
            Map.entry("Selu", Operator.of(Elementwise::selu)),
            Map.entry("LeakyRelu", Operator.of(c -> piecewise(c.x(0), c.x(0).mul(c.number("alpha", 0.01))))),
            Map.entry("PRelu", Operator.of(c -> piecewise(c.x(0), c.x(0).mul(c.x(1))))),
            Map.entry("ThresholdedRelu", Operator.of(Elementwise::thresholded)),
            Map.entry(
                    "HardSigmoid",
                    Operator.of(c -> clamped(c.x(0).mul(c.number("alpha", 0.2)).add(c.number("beta", 0.5))))),
            Map.entry(
                    "HardSwish",
                    Operator.of(c -> c.x(0).mul(clamped(c.x(0).mul(1 / 6.0).add(0.5))))),
            Map.entry("Clip", Operator.of(Elementwise::clip)),
            Map.entry("Where", Operator.of(c -> c.x(0).select(c.x(1), c.x(2)))),
            Map.entry("Dropout", Operator.of(Elementwise::dropout)));

    private Elementwise() {}

    private static Tensor gelu(Call c) throws NotCovered {
        return c.text("approximate", "none").equals("tanh") ? Functions.gelu(c.x(0)) : Functions.geluExact(c.x(0));
    }

    private static Tensor selu(Call c) throws NotCovered {
        return piecewise(c.x(0), exponential(c.x(0), c.number("alpha", 1.6732632423543772)))
                .mul(c.number("gamma", 1.0507009873554805));
    }

    private static Tensor thresholded(Call c) throws NotCovered {
        Tensor x = c.x(0);
        return x.gt(x.constant(c.number("alpha", 1))).select(x, x.constant(0));
    }

    private static Tensor clip(Call c) throws NotCovered {
        Tensor raised = c.has(1) ? c.x(0).maximum(c.x(1)) : c.x(0);
        return c.has(2) ? raised.minimum(c.x(2)) : raised;
    }

    /** Where nothing is trained it leaves everything as it is. */
    private static Tensor dropout(Call c) throws NotCovered {
        if (c.has(2) && c.scalar(2) != 0) {
            throw new NotCovered("training mode, whose random numbers are its own");
        }
        if (c.has(1)) {
            c.numbers(1);
        }
        c.mayName("seed");
        return c.x(0);
    }

    private static Tensor piecewise(Tensor x, Tensor negative) {
        return x.lt(x.constant(0)).select(negative, x);
    }

    private static Tensor exponential(Tensor x, double alpha) {
        return x.exp().sub(1).mul(alpha);
    }

    private static Tensor clamped(Tensor x) {
        return x.maximum(0).minimum(1);
    }
}
