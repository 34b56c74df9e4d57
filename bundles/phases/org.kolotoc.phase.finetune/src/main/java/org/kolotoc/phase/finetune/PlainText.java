package org.kolotoc.phase.finetune;

import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.phase.finetune.FinetuneSettings.Reader;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Rows of plain text that a model goes on predicting while it learns to answer, so that it does not forget what they say (the
 * pre-training mix of Ouyang et al., arXiv:2203.02155, equation 2).
 *
 * @param shape of a batch: {@code [batch, time]}
 */
record PlainText(Batches batches, Shape shape) {
    /** What the phase calls the data. */
    static final String DATA = "text";

    static final String FIELDS = "i32 tokens[batch,time]; i32 targets[batch,time]";
    private static final String TOKENS = "text-tokens";
    private static final String TARGETS = "text-targets";

    /**
     * Nothing where it has no weight.
     *
     * @param time tokens of a row where the model has no limit
     */
    static Optional<PlainText> of(FinetuneSettings settings, PhaseContext context, int time) {
        if (settings.textWeight() == 0) {
            return Optional.empty();
        }
        if (settings.reader() == Reader.ENCODER) {
            throw InputError.field(
                    "textWeight",
                    settings.textWeight()
                            + " is for a model that goes on from a text, and \"reader\" is \"encoder\"; expected 0");
        }
        int row = context.model(Finetune.MODEL).limits().getOr("time", time);
        Map<String, Integer> axes = Map.of("batch", settings.batch(), "time", row);
        return Optional.of(new PlainText(
                context.data(DATA).batches("train", axes, context.seed()), Shape.of(settings.batch(), row)));
    }

    /** Nats a token. */
    Tensor loss(Tracer tracer, Model model, Weights weights, Pass pass) {
        Tensor tokens = tracer.feed(TOKENS, DType.I32, shape);
        Tensor targets = tracer.feed(TARGETS, DType.I32, shape);
        Tensor logits = model.forward(weights, Map.of("tokens", tokens), pass).get("logits");
        return Functions.mean(Functions.crossEntropy(logits, targets), 0, 1);
    }

    void fill(long index, BoundProgram program) {
        batches.fill(index, Map.of("tokens", program.buffer(TOKENS), "targets", program.buffer(TARGETS)));
    }
}
