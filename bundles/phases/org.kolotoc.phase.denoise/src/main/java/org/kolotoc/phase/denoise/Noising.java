package org.kolotoc.phase.denoise;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Signature;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * How samples of a data source become noise that a model is asked about.
 *
 * @param shape of a batch, {@code [batch, ...]}
 * @param none the label of samples without a class; -1 where the model takes no labels
 */
record Noising(Layout layout, Shape shape, NoiseSchedule schedule, Prediction prediction, int none) {
    /** The most that may be left of a sample's variance at the end without a word about it. */
    static final double END = 0.01;

    static final String LABEL = "label";

    /** @throws InputError when model and data don't fit, or the model says no schedule or not one prediction */
    static Noising of(DenoiseSettings settings, Model model, Dataset data) {
        List<Prediction> predictions = Arrays.stream(Prediction.values())
                .filter(prediction -> has(model.signature().outputs(), prediction.port()))
                .toList();
        if (predictions.size() != 1) {
            throw InputError.of(
                    "the model tells " + predictions + " of a noisy sample; expected one of "
                            + Arrays.toString(Prediction.values()),
                    "choose a model with one output 'noise', 'sample' or 'velocity'");
        }
        Parameter betas = model.statistics().stream()
                .filter(statistic -> statistic.name().equals(NoiseSchedule.BETAS)
                        && statistic.shape().rank() == 1)
                .findFirst()
                .orElseThrow(() -> InputError.of(
                        "the model has no statistic '" + NoiseSchedule.BETAS + "' [steps] for the noise schedule",
                        "choose a model for diffusion: \"denoiser\""));
        int none = -1;
        if (has(model.signature().inputs(), LABEL)) {
            if (!has(data.fields(), LABEL)) {
                throw InputError.of(
                        "the model takes labels, and the data has none",
                        "choose data with labels, or say \"labels\": false of the model");
            }
            none = model.limits().get("class");
        }
        return new Noising(
                settings.samples(),
                settings.samples().shape(settings.batch(), data.dimensions()::get),
                settings.noise(betas.shape().extent(0)),
                predictions.getFirst(),
                none);
    }

    private static boolean has(List<Signature.Port> ports, String name) {
        return ports.stream().anyMatch(port -> port.name().equals(name));
    }

    int batch() {
        return shape.extent(0);
    }

    boolean labelled() {
        return none >= 0;
    }

    /** A number for each step of the schedule, {@code [steps]}, that of each row taken: {@code [batch, 1, ...]}. */
    private Tensor table(Tracer tracer, Tensor time, IntToDoubleFunction value) {
        float[] values = new float[schedule.steps()];
        for (int t = 0; t < values.length; t++) {
            values[t] = (float) value.applyAsDouble(t);
        }
        return tracer.constant(values, Shape.of(values.length)).gather(time).reshape(layout.column(batch()));
    }

    /** {@code sqrt(signal)} at the step of each row: {@code i32 [batch]} to {@code [batch, 1, ...]}. */
    Tensor rootSignal(Tracer tracer, Tensor time) {
        return table(tracer, time, t -> Math.sqrt(schedule.signal(t)));
    }

    /** {@code sqrt(1 - signal)} at the step of each row: {@code i32 [batch]} to {@code [batch, 1, ...]}. */
    Tensor rootNoise(Tracer tracer, Tensor time) {
        return table(tracer, time, t -> Math.sqrt(1 - schedule.signal(t)));
    }

    /** The betas as a constant, {@code [steps]}: what the model's statistic becomes. */
    Tensor betas(Tracer tracer) {
        float[] values = new float[schedule.steps()];
        for (int t = 0; t < values.length; t++) {
            values[t] = (float) schedule.beta(t);
        }
        return tracer.constant(values, Shape.of(values.length));
    }
}
