package org.kolotoc.phase.denoise;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.nn.Descent;
import org.kolotoc.nn.MovingAverage;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** Traces what a step and an evaluation compute. */
record Programs(DenoiseSettings settings, PhaseContext context, Noising noising, Descent descent) {
    /** A batch at steps that are drawn, with noise that is drawn; an update; the average after it. */
    Program train() {
        Tracer tracer = new Tracer();
        Model model = context.model(DenoisePhase.MODEL);
        Weights weights = model.weights(tracer, DenoisePhase.MODEL);
        Tensor key = tracer.feed("key", DType.I32, Shape.of(2));
        Pass pass = Pass.training(key);
        Shape rows = Shape.of(noising.batch());
        int steps = noising.schedule().steps();
        Tensor time =
                tracer.uniform(key, rows).mul(steps).floor().minimum(steps - 1).cast(DType.I32);
        Tensor noise = tracer.normal(key, noising.shape());
        Tensor label = null;
        if (noising.labelled()) {
            label = tracer.feed(Noising.LABEL, DType.I32, rows);
            Tensor dropped = tracer.uniform(key, rows).lt(tracer.constant(settings.dropLabels()));
            label = dropped.select(label.constant(noising.none()).broadcast(rows), label);
        }
        Tensor loss = Functions.mean(losses(tracer, model, weights, pass, time, noise, label));
        List<Tensor> gradients = Gradients.of(loss, weights.all(model.parameters()));
        tracer.output("loss", context.meanOverRanks(List.of(loss)).getFirst());
        descent.trace(tracer, weights, context.meanOverRanks(gradients));
        Tensor betas = noising.betas(tracer);
        pass.kept().forEach((name, next) -> {
            if (!name.equals(NoiseSchedule.BETAS)) {
                tracer.update(weights.get(name), next);
            }
        });
        tracer.update(weights.get(NoiseSchedule.BETAS), betas);
        if (settings.averages()) {
            MovingAverage.trace(
                    tracer,
                    model.parameters(),
                    model.statistics(),
                    weights,
                    model.weights(tracer, DenoisePhase.AVERAGE));
        }
        return tracer.program();
    }

    /** The loss of each row times its weight, {@code [batch]}, at steps and with noise that are fed. */
    Program evaluate() {
        Tracer tracer = new Tracer();
        String role = settings.averages() ? DenoisePhase.AVERAGE : DenoisePhase.MODEL;
        Model model = context.model(role);
        Shape rows = Shape.of(noising.batch());
        Tensor label = noising.labelled() ? tracer.feed(Noising.LABEL, DType.I32, rows) : null;
        Tensor losses = losses(
                tracer,
                model,
                model.weights(tracer, role),
                Pass.inference(),
                tracer.feed("time", DType.I32, rows),
                tracer.feed("noise", DType.F32, noising.shape()),
                label);
        tracer.output("losses", losses.mul(tracer.feed("weights", DType.F32, rows)));
        return tracer.program();
    }

    /** {@code [batch]}; the mean squared error of what the model tells of each sample, which is the feed {@code sample}. */
    private Tensor losses(
            Tracer tracer, Model model, Weights weights, Pass pass, Tensor time, Tensor noise, Tensor label) {
        Tensor sample = tracer.feed("sample", DType.F32, noising.shape());
        Tensor rootSignal = noising.rootSignal(tracer, time);
        Tensor rootNoise = noising.rootNoise(tracer, time);
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put("noisy", sample.mul(rootSignal).add(noise.mul(rootNoise)));
        inputs.put("time", time.cast(DType.F32));
        if (label != null) {
            inputs.put(Noising.LABEL, label);
        }
        Tensor told =
                model.forward(weights, inputs, pass).get(noising.prediction().port());
        Tensor off = told.sub(noising.prediction().target(sample, noise, rootSignal, rootNoise));
        int[] axes = IntStream.range(1, noising.shape().rank()).toArray();
        return Functions.mean(off.mul(off), axes);
    }
}
