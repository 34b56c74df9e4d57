package org.kolotoc.bench;

import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Training;
import org.kolotoc.nn.Layout;
import org.kolotoc.phase.adversarial.AdversarialPhase;
import org.kolotoc.phase.adversarial.AdversarialSettings;
import org.kolotoc.phase.adversarial.Loss;
import org.kolotoc.phase.denoise.DenoisePhase;
import org.kolotoc.phase.denoise.DenoiseSettings;
import org.kolotoc.sampler.diffusion.DdimSampler;
import org.kolotoc.sampler.diffusion.DdimSettings;
import org.kolotoc.tck.Bench;

/** What an experiment on pictures runs: the same models, phases, samplers and backend, without the engine around them. */
final class KolotocPictures implements StepWorker {
    static final long SEED = 1;
    private static final int STEPS = 1_000_000;

    private final OurBackend ours;
    private final Bench bench;
    private final AutoCloseable open;
    private final LongToDoubleFunction step;

    private KolotocPictures(OurBackend ours, Bench bench, AutoCloseable open, LongToDoubleFunction step) {
        this.ours = ours;
        this.bench = bench;
        this.open = open;
        this.step = step;
    }

    /** An update of each side. */
    static KolotocPictures adversarial(int batch, OurBackend ours) {
        AdversarialSettings settings = new AdversarialSettings(
                batch,
                Layout.PICTURES,
                Loss.NON_SATURATING,
                0,
                0,
                1,
                1,
                1,
                0,
                Pictures.RATE,
                Pictures.RATE,
                1,
                0,
                0,
                List.of());
        Map<String, Model> models =
                Map.of("generator", Pictures.generator(), "discriminator", Pictures.discriminator());
        Bench bench = bench(models, new Pictures(batch), ours).withOptimizer(Pictures.GAME);
        return training(ours, bench, new AdversarialPhase().prepare(settings, bench), "loss/generator");
    }

    /** An update of a U-Net. */
    static KolotocPictures denoise(int batch, OurBackend ours) {
        DenoiseSettings settings = new DenoiseSettings(
                batch,
                Layout.PICTURES,
                DenoiseSettings.Schedule.COSINE,
                1e-4,
                0.02,
                0,
                0,
                Pictures.RATE,
                Pictures.RATE,
                0,
                Pictures.CLIP);
        Bench bench = bench(Map.of("model", Pictures.denoiser()), new Pictures(batch), ours)
                .withOptimizer(Pictures.DENOISING);
        return training(ours, bench, new DenoisePhase().prepare(settings, bench), "loss/train");
    }

    /** As many pictures as a batch has, drawn by a U-Net. */
    static KolotocPictures ddim(int batch, OurBackend ours) {
        DdimSettings settings = new DdimSettings(batch, Layout.PICTURES, Pictures.STEPS, 0, -1, List.of(), 1, 0);
        Bench bench = bench(Map.of("model", Pictures.denoiser()), new Pictures(batch), ours);
        Sampling sampling = new DdimSampler().prepare(settings, bench);
        float[] drawn = new float[batch * Pictures.PIXELS];
        return new KolotocPictures(ours, bench, sampling, index -> {
            sampling.draw(1, stream(index), (_, _) -> {});
            bench.state().buffer("walk/noisy").read(drawn);
            return mark(drawn);
        });
    }

    /** Names the noise that pictures are drawn from. */
    static String stream(long index) {
        return "bench" + index;
    }

    /** A number that tells some pictures from others: their product with a wave, by the root of their number. */
    static double mark(float[] pixels) {
        double sum = 0;
        for (int i = 0; i < pixels.length; i++) {
            sum += pixels[i] * Math.sin(i);
        }
        return sum / Math.sqrt(pixels.length);
    }

    private static Bench bench(Map<String, Model> models, Dataset data, OurBackend ours) {
        return new Bench(ProfiledBackend.of(ours.backend()), models, data, SEED).withSteps(STEPS);
    }

    private static KolotocPictures training(OurBackend ours, Bench bench, Training training, String answer) {
        double[] last = {Double.NaN};
        return new KolotocPictures(ours, bench, training::close, index -> {
            training.step(index, (name, value) -> last[0] = name.equals(answer) ? value : last[0]);
            return last[0];
        });
    }

    @Override
    public String name() {
        return ours.name();
    }

    @Override
    public double flops() {
        return ours.flops();
    }

    @Override
    public float step(long index) {
        return (float) step.applyAsDouble(index);
    }

    @Override
    public void close() {
        try {
            open.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        bench.close();
        ours.close();
    }
}
