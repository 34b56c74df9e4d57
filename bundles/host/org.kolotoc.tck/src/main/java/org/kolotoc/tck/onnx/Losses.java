package org.kolotoc.tck.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;

/** What training makes small. */
final class Losses {
    static final Map<String, Operator> ROWS = Map.of(
            "SoftmaxCrossEntropyLoss",
            Losses::crossEntropy,
            "NegativeLogLikelihoodLoss",
            Operator.of(c -> negativeLogLikelihood(c, classesLast(c.x(0)))));

    private Losses() {}

    private static List<Tensor> crossEntropy(Call c) throws NotCovered {
        Tensor logShares = Functions.logSoftmax(classesLast(c.x(0)));
        return List.of(negativeLogLikelihood(c, logShares), classesSecond(logShares));
    }

    private static Tensor classesLast(Tensor x) {
        int last = x.shape().rank() - 1;
        return x.transpose(IntStream.rangeClosed(0, last)
                .map(axis -> axis == 0 ? 0 : axis == last ? 1 : axis + 1)
                .toArray());
    }

    private static Tensor classesSecond(Tensor x) {
        int last = x.shape().rank() - 1;
        return x.transpose(IntStream.rangeClosed(0, last)
                .map(axis -> axis == 0 ? 0 : axis == 1 ? last : axis - 1)
                .toArray());
    }

    /** @param logShares {@code [..., classes]} */
    private static Tensor negativeLogLikelihood(Call c, Tensor logShares) throws NotCovered {
        Tensor targets = c.x(1);
        Tensor hot = Functions.oneHot(targets, logShares.shape().extent(-1));
        Tensor loss = hot.mul(logShares).sum(-1).neg();
        Tensor weight = c.has(2) ? hot.mul(c.x(2)).sum(-1) : hot.sum(-1);
        if (c.names("ignore_index")) {
            Tensor ignored = targets.eq(targets.constant(c.integer("ignore_index", 0)));
            weight = ignored.select(weight.constant(0), weight);
        }
        Tensor weighted = org.kolotoc.nn.Losses.weighted(loss, weight);
        return switch (c.text("reduction", "mean")) {
            case "none" -> weighted;
            case "sum" -> weighted.sum();
            default -> weighted.sum().div(weight.sum());
        };
    }
}
