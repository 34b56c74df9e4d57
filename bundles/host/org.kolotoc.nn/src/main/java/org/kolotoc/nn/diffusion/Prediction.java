package org.kolotoc.nn.diffusion;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.nn.Layout;
import org.kolotoc.tensor.Tensor;

/** What a denoiser tells of a noisy sample {@code x = sqrt(signal) sample + sqrt(1 - signal) noise}: its output of that name. */
public enum Prediction {
    /** The noise in it (Ho et al., arXiv:2006.11239, section 3.2). */
    NOISE,
    /** The sample in it. */
    SAMPLE,
    /** {@code sqrt(signal) noise - sqrt(1 - signal) sample} (Salimans and Ho, arXiv:2202.00512, appendix D). */
    VELOCITY;

    /** The output of a denoiser: {@code noise}. */
    public String port() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What a denoiser takes and gives: noisy samples at steps of a schedule, from 0, perhaps with their classes, to this of
     * each.
     *
     * @param labelled whether it is told the class, or none by the number of classes
     */
    public String denoiser(Layout samples, boolean labelled) {
        return samples.port("noisy") + "; f32 time[batch]" + (labelled ? "; i32 label[batch]" : "") + " -> "
                + samples.port(port());
    }

    /** What is needed of a denoiser: any of the predictions, with classes or without. */
    public static String anyDenoiser(Layout samples) {
        return samples.port("noisy") + "; f32 time[batch]; i32 label[batch]? -> "
                + Stream.of(values())
                        .map(prediction -> samples.port(prediction.port()) + "?")
                        .collect(Collectors.joining("; "));
    }

    /**
     * What has to be told.
     *
     * @param rootSignal {@code sqrt(signal)}, to be broadcast
     * @param rootNoise {@code sqrt(1 - signal)}, to be broadcast
     */
    public Tensor target(Tensor sample, Tensor noise, Tensor rootSignal, Tensor rootNoise) {
        return switch (this) {
            case NOISE -> noise;
            case SAMPLE -> sample;
            case VELOCITY -> noise.mul(rootSignal).sub(sample.mul(rootNoise));
        };
    }

    /**
     * The sample as {@code noisy x + told y}, of what is there and of what was told.
     *
     * @param noisy factor of what is there
     * @param told factor of what was told
     */
    public record Recovery(double noisy, double told) {}

    /** How the sample is recovered where so much of its variance is left. */
    public Recovery recovery(double signal) {
        double rootSignal = Math.sqrt(signal);
        double rootNoise = Math.sqrt(1 - signal);
        return switch (this) {
            case NOISE -> new Recovery(1 / rootSignal, -rootNoise / rootSignal);
            case SAMPLE -> new Recovery(0, 1);
            case VELOCITY -> new Recovery(rootSignal, -rootNoise);
        };
    }
}
