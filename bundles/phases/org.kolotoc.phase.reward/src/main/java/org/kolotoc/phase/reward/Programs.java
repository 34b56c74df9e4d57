package org.kolotoc.phase.reward;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.nn.Descent;
import org.kolotoc.nn.Readout;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** Traces what a step and an evaluation compute. */
final class Programs {
    private Programs() {}

    /**
     * Of a batch.
     *
     * @param questions rows of it
     * @param answers to each question
     * @param time tokens of an answer, question and mark included
     * @param mark the token where a reward is read
     */
    record Size(int questions, int answers, int time, int mark) {}

    static Program train(PhaseContext context, Model model, RewardSettings settings, Descent descent, Size size) {
        Tracer tracer = new Tracer();
        Weights weights = model.weights(tracer, RewardPhase.MODEL);
        Pass pass = Pass.training(tracer.feed("key", DType.I32, Shape.of(2)));
        Tensor loss = Functions.mean(settings.loss().of(rewards(tracer, model, weights, pass, size)));
        List<Tensor> gradients = Gradients.of(loss, weights.all(model.parameters()));
        tracer.output("loss", context.meanOverRanks(List.of(loss)).getFirst());
        descent.trace(tracer, weights, context.meanOverRanks(gradients));
        pass.update(tracer, weights);
        return tracer.program();
    }

    static Program measure(Model model, RewardSettings settings, Size size) {
        Tracer tracer = new Tracer();
        Tensor rewards = rewards(tracer, model, model.weights(tracer, RewardPhase.MODEL), Pass.inference(), size);
        tracer.output("losses", settings.loss().of(rewards));
        return tracer.program();
    }

    /** {@code [questions, answers]}; rewards, and whether they were found, are outputs. */
    private static Tensor rewards(Tracer tracer, Model model, Weights weights, Pass pass, Size size) {
        int rows = size.questions() * size.answers();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(size.questions(), size.answers(), size.time()))
                .reshape(rows, size.time());
        Tensor all = model.forward(weights, Map.of("tokens", tokens), pass).get("reward");
        Readout read = Readout.atLast(all, tokens, size.mark());
        Tensor rewards = read.values().reshape(size.questions(), size.answers());
        tracer.output("rewards", rewards);
        tracer.output("found", read.found());
        return rewards;
    }
}
