package org.kolotoc.tck.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Tensor;

/** One step of an optimiser: rate, step, then parameters, gradients and each kind of moment, so many of each. */
final class Updates {
    static final Map<String, Operator> ROWS =
            Map.of("Adam", Updates::adam, "Adagrad", Updates::adagrad, "Momentum", Updates::momentum);

    private Updates() {}

    /** New values of one parameter and of its moments. */
    @FunctionalInterface
    private interface Update {
        List<Tensor> of(Tensor parameter, Tensor gradient, List<Tensor> moments);
    }

    private static List<Tensor> all(Call c, int kinds, Update update) throws NotCovered {
        int parameters = (c.inputs() - 2) / (kinds + 2);
        double decay = c.number("norm_coefficient", 0);
        Tensor[] results = new Tensor[parameters * (kinds + 1)];
        for (int i = 0; i < parameters; i++) {
            Tensor parameter = c.x(2 + i);
            Tensor gradient = c.x(2 + parameters + i).add(parameter.mul(decay));
            List<Tensor> moments = new ArrayList<>();
            for (int kind = 0; kind < kinds; kind++) {
                moments.add(c.x(2 + (2 + kind) * parameters + i));
            }
            List<Tensor> changed = update.of(parameter, gradient, moments);
            for (int kind = 0; kind <= kinds; kind++) {
                results[kind * parameters + i] = changed.get(kind);
            }
        }
        return List.of(results);
    }

    private static List<Tensor> adam(Call c) throws NotCovered {
        double alpha = c.number("alpha", 0.9);
        double beta = c.number("beta", 0.999);
        double epsilon = c.number("epsilon", 1e-6);
        double after = c.number("norm_coefficient_post", 0);
        double step = c.scalar(1);
        double corrected = step == 0 ? 1 : Math.sqrt(1 - Math.pow(beta, step)) / (1 - Math.pow(alpha, step));
        Tensor rate = c.x(0).mul(corrected);
        return all(c, 2, (x, g, moments) -> {
            Tensor first = moments.get(0).mul(alpha).add(g.mul(1 - alpha));
            Tensor second = moments.get(1).mul(beta).add(g.mul(g).mul(1 - beta));
            Tensor moved = x.sub(rate.mul(first).div(second.sqrt().add(epsilon)));
            return List.of(moved.mul(1 - after), first, second);
        });
    }

    private static List<Tensor> adagrad(Call c) throws NotCovered {
        double epsilon = c.number("epsilon", 1e-6);
        Tensor rate = c.x(0).div(1 + c.scalar(1) * c.number("decay_factor", 0));
        return all(c, 1, (x, g, moments) -> {
            Tensor squares = moments.get(0).add(g.mul(g));
            return List.of(x.sub(rate.mul(g).div(squares.sqrt().add(epsilon))), squares);
        });
    }

    private static List<Tensor> momentum(Call c) throws NotCovered {
        double alpha = c.number("alpha", 0.9);
        double beta = c.number("beta", 1);
        double taken = c.scalar(1) == 0 ? 1 : beta;
        boolean nesterov = c.text("mode", "standard").equals("nesterov");
        Tensor rate = c.x(0);
        return all(c, 1, (x, g, moments) -> {
            Tensor velocity = moments.get(0).mul(alpha).add(g.mul(taken));
            Tensor direction = nesterov ? g.add(velocity.mul(alpha)) : velocity;
            return List.of(x.sub(rate.mul(direction)), velocity);
        });
    }
}
