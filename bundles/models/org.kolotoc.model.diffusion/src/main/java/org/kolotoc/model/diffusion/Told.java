package org.kolotoc.model.diffusion;

import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.nn.Embedding;
import org.kolotoc.nn.Linear;
import org.kolotoc.nn.diffusion.TimeEmbedding;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * What a denoiser is told beside the sample: the step, and perhaps the class, of which one more than there are is none (Ho and
 * Salimans, arXiv:2207.12598).
 *
 * <pre>
 * e = silu(time.1(silu(time.0(embedding(t)))) + label row)
 * </pre>
 *
 * @param waves of the time, an even number
 * @param width of {@code e}
 * @param classes 0 where it is told none
 */
record Told(int waves, int width, int classes) {
    private static final Initializer LABEL = new Initializer.Normal(0.3);

    private Linear first() {
        return linear(waves, width);
    }

    private Linear second() {
        return linear(width, width);
    }

    private static Linear linear(int in, int out) {
        return new Linear(in, out, true, new Initializer.Normal(1 / Math.sqrt(in)));
    }

    private Embedding labels() {
        return new Embedding(classes + 1, width, LABEL);
    }

    Stream<Parameter> parameters() {
        Stream<Parameter> time = Stream.concat(first().in("time.0"), second().in("time.1"));
        return classes == 0 ? time : Stream.concat(time, labels().in("label"));
    }

    /** {@code e}, {@code [batch, width]}. */
    Tensor apply(Weights weights, Map<String, Tensor> inputs) {
        Tensor told = new TimeEmbedding(waves).apply(inputs.get("time"));
        told = first().apply(weights.in("time.0"), told);
        told = second().apply(weights.in("time.1"), Functions.silu(told));
        return Functions.silu(classes == 0 ? told : told.add(labels().apply(weights.in("label"), inputs.get("label"))));
    }
}
