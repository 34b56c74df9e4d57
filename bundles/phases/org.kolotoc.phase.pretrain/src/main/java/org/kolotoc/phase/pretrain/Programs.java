package org.kolotoc.phase.pretrain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.nn.Clipping;
import org.kolotoc.nn.Losses;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Traces the programs of a step: all of it in one, or, where a batch is computed in parts, {@link #gradients} once a part
 * and {@link #update} once a step.
 *
 * @param context of whoever trains; its name is the owner of what the phase keeps in the train state
 * @param examples what is predicted, and of what
 * @param parts that a batch is computed in
 */
record Programs(
        PhaseContext context,
        Model model,
        Optimizer optimizer,
        PretrainSettings settings,
        Examples examples,
        int parts) {
    /** Below the phase's owner: the sum of the gradients of the parts that were computed in this step. */
    private static final String GRADIENT = "gradient";

    /** In the place of the weights of a batch in which nothing counts. */
    private static final double LEAST = 1e-6;

    /** Forward, backward, clipping and the optimiser. */
    Program step() {
        Tracer tracer = new Tracer();
        Weights weights = model.weights(tracer, Pretrain.MODEL);
        Pass pass = Pass.training(key(tracer));
        Tensor loss = loss(tracer, weights, pass);
        List<Tensor> gradients = derivatives(tracer, loss, weights);
        tracer.output("loss", mean(loss));
        optimize(tracer, weights, context.meanOverRanks(gradients));
        pass.update(tracer, weights);
        return tracer.program();
    }

    /** Forward and backward of a part of the batch; the gradients of the batch's mean loss are added to those there. */
    Program gradients() {
        Tracer tracer = new Tracer();
        Weights weights = model.weights(tracer, Pretrain.MODEL);
        Pass pass = Pass.training(key(tracer));
        Tensor loss = loss(tracer, weights, pass);
        List<Tensor> gradients = derivatives(tracer, loss.mul(1.0 / parts), weights);
        List<Tensor> sums = leaves(sums(tracer));
        for (int i = 0; i < sums.size(); i++) {
            tracer.update(sums.get(i), sums.get(i).add(gradients.get(i)));
        }
        pass.update(tracer, weights);
        tracer.output("loss", mean(loss));
        return tracer.program();
    }

    /** Clipping and the optimiser; leaves zeros where the gradients were. */
    Program update() {
        Tracer tracer = new Tracer();
        List<Tensor> sums = leaves(sums(tracer));
        optimize(tracer, model.weights(tracer, Pretrain.MODEL), context.meanOverRanks(sums));
        sums.forEach(sum -> tracer.update(sum, tracer.constant(0, sum.dtype(), sum.shape())));
        return tracer.program();
    }

    /**
     * Measures without training, of a part of the batch where it has parts: {@code losses [rows]}, the sum of the losses of
     * each row by their weights, {@code counted [rows]}, the sum of these weights, and where the accuracy is measured {@code
     * right [rows]}, that of the weights where the likeliest token is the target.
     */
    Program evaluate() {
        Tracer tracer = new Tracer();
        Tensor logits = logits(tracer, model.weights(tracer, Pretrain.MODEL), Pass.inference());
        Tensor targets = answers(tracer, Examples.TARGETS, DType.I32);
        Tensor losses = losses(tracer, logits, targets);
        Tensor weights = answers(tracer, Examples.WEIGHTS, DType.F32);
        if (examples.accuracy()) {
            Tensor likeliest = logits.argSort(1, true).reshape(targets.shape());
            tracer.output("right", Losses.kept(weights, likeliest.eq(targets)).sum(-1));
        }
        tracer.output("losses", Losses.weighted(losses, weights).sum(-1));
        tracer.output("counted", weights.sum(-1));
        return tracer.program();
    }

    /** What programs of a step hand each other: a tensor for each parameter. */
    List<Parameter> withinStep() {
        return parts == 1
                ? List.of()
                : model.parameters().stream()
                        .map(p -> new Parameter(p.name(), p.dtype(), p.shape(), Initializer.ZEROS).in(GRADIENT))
                        .toList();
    }

    private List<Tensor> derivatives(Tracer tracer, Tensor loss, Weights weights) {
        if (settings.recompute() == PretrainSettings.Recompute.NONE) {
            return Gradients.of(loss, leaves(weights));
        }
        if (tracer.segments() == 0) {
            throw InputError.field("recompute", "blocks, but the model names none; expected \"none\" for this model");
        }
        return Gradients.rematerializing(loss, leaves(weights));
    }

    private Weights sums(Tracer tracer) {
        return Weights.states(tracer, context.name(), withinStep()).in(GRADIENT);
    }

    private List<Tensor> leaves(Weights weights) {
        return model.parameters().stream()
                .map(parameter -> weights.get(parameter.name()))
                .toList();
    }

    private void optimize(Tracer tracer, Weights weights, List<Tensor> gradients) {
        List<Parameter> parameters = model.parameters();
        Clipping clipping = Clipping.globalNorm(gradients, settings.clip());
        optimizer.update(
                parameters,
                weights,
                Weights.states(tracer, context.name(), optimizer.state(parameters)),
                clipping.gradients(),
                tracer.feed("learning-rate", DType.F32, Shape.scalar()),
                tracer.feed("step", DType.F32, Shape.scalar()));
        tracer.output("norm", clipping.norm());
    }

    /** Over all ranks. */
    private Tensor mean(Tensor loss) {
        return context.meanOverRanks(List.of(loss)).getFirst();
    }

    private static Tensor key(Tracer tracer) {
        return tracer.feed("key", DType.I32, Shape.of(2));
    }

    private Tensor loss(Tracer tracer, Weights weights, Pass pass) {
        Tensor losses = losses(tracer, logits(tracer, weights, pass), answers(tracer, Examples.TARGETS, DType.I32));
        if (!examples.weighted()) {
            return Functions.mean(losses);
        }
        // Of the whole batch, so that the parts are parts of its mean.
        Tensor all = tracer.feed(Examples.WEIGHTS, DType.F32, Shape.of(examples.batch(), examples.time()));
        Tensor counted = all.sum().mul(1.0 / parts).maximum(LEAST);
        return Losses.weighted(losses, answers(tracer, Examples.WEIGHTS, DType.F32))
                .sum()
                .div(counted);
    }

    /** {@code [rows, time, vocab]}. */
    private Tensor logits(Tracer tracer, Weights weights, Pass pass) {
        try (Tracer.Scope _ = products(tracer)) {
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            examples.inputs()
                    .forEach(port -> inputs.put(
                            port.name(),
                            rows(
                                    tracer,
                                    port.name(),
                                    port.dtype(),
                                    port.axes().stream()
                                            .mapToInt(examples.axes()::get)
                                            .toArray())));
            return model.forward(weights, inputs, pass).get("logits");
        }
    }

    /** Of every target, {@code [rows, time]}. */
    private Tensor losses(Tracer tracer, Tensor logits, Tensor targets) {
        try (Tracer.Scope _ = products(tracer)) {
            return Functions.crossEntropy(logits, targets);
        }
    }

    private Tracer.Scope products(Tracer tracer) {
        return tracer.products(
                switch (settings.precision()) {
                    case F32 -> Op.Precision.F32;
                    case BF16 -> Op.Precision.BF16;
                    case TF32 -> Op.Precision.TF32;
                });
    }

    private Tensor answers(Tracer tracer, String field, DType dtype) {
        return rows(tracer, field, dtype, examples.batch(), examples.time());
    }

    /** The rows of the batch that this run is about: all, or those from the row {@code from} on. */
    private Tensor rows(Tracer tracer, String field, DType dtype, int... extents) {
        Tensor all = tracer.feed(field, dtype, Shape.of(extents));
        return parts == 1
                ? all
                : all.dynamicSlice(0, tracer.feed("from", DType.I32, Shape.scalar()), examples.batch() / parts);
    }
}
