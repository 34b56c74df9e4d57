package org.kolotoc.bench;

import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.kolotoc.nn.ExampleNoise;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.tensor.CounterRandom;

/** A U-Net on libtorch that learns to tell noise, or draws. */
final class LibtorchDenoising implements StepWorker {
    private final PointerScope lifetime = new PointerScope();
    private final LibtorchUNet model;
    private final int batch;
    private final LongToDoubleFunction step;

    private LibtorchDenoising(int batch, int threads, boolean trains) {
        LibtorchModel.load(threads);
        this.batch = batch;
        this.model = new LibtorchUNet();
        this.step = trains ? learning() : this::draw;
    }

    static LibtorchDenoising training(int batch, int threads) {
        return new LibtorchDenoising(batch, threads, true);
    }

    static LibtorchDenoising drawing(int batch, int threads) {
        return new LibtorchDenoising(batch, threads, false);
    }

    private Tensor pictures(float[] values) {
        return torch.tensor(values).view(batch, 1, Pictures.SIDE, Pictures.SIDE);
    }

    /** Noise at steps that are drawn, told by the mean squared error. */
    private LongToDoubleFunction learning() {
        Pictures data = new Pictures(batch);
        LibtorchDescent descent = new LibtorchDescent(
                Pictures.DENOISING,
                Pictures.RATE,
                Pictures.CLIP,
                model.weights().all(),
                List.of());
        NoiseSchedule schedule = Pictures.schedule();
        float[] signals = new float[schedule.steps()];
        for (int t = 0; t < signals.length; t++) {
            signals[t] = (float) schedule.signal(t);
        }
        Tensor signal = torch.tensor(signals);
        return index -> {
            Tensor sample = pictures(data.batch(index));
            Tensor time = torch.rand(batch)
                    .mul(new Scalar((float) schedule.steps()))
                    .floor()
                    .to(torch.ScalarType.Long);
            Tensor left = signal.index_select(0, time).view(batch, 1, 1, 1);
            Tensor noise = torch.randn(batch, 1, Pictures.SIDE, Pictures.SIDE);
            Tensor noisy = sample.mul(left.sqrt())
                    .add(noise.mul(left.neg().add(new Scalar(1f)).sqrt()));
            Tensor loss = torch.mse_loss(model.noise(noisy, time.to(torch.ScalarType.Float)), noise);
            descent.step(loss);
            return loss.item_float();
        };
    }

    /** Song, Meng and Ermon, arXiv:2010.02502, equation 12, without fresh noise. */
    private double draw(long index) {
        try (InferenceMode _ = new InferenceMode(true)) {
            NoiseSchedule schedule = NoiseSchedule.linear(Pictures.TIMESTEPS);
            CounterRandom random = new CounterRandom(KolotocPictures.SEED, KolotocPictures.stream(index) + "/0");
            Tensor x = pictures(new ExampleNoise(batch, Pictures.PIXELS, List.of()).of(random));
            for (int i = 0; i < Pictures.STEPS; i++) {
                try (PointerScope _ = new PointerScope()) {
                    double signal = schedule.signal(time(i));
                    double next = schedule.signal(i + 1 < Pictures.STEPS ? time(i + 1) : -1);
                    Tensor noise = model.noise(x, torch.full(new long[] {batch}, new Scalar((float) time(i))));
                    double scale = Math.sqrt(next / signal);
                    Tensor moved = x.mul(new Scalar((float) scale)).add(noise.mul(new Scalar((float)
                            (Math.sqrt(1 - next) - scale * Math.sqrt(1 - signal)))));
                    x.copy_(moved);
                }
            }
            float[] pixels = new float[batch * Pictures.PIXELS];
            new FloatPointer(x.contiguous().data_ptr_float()).get(pixels);
            return KolotocPictures.mark(pixels);
        }
    }

    /** Steps of the schedule, as evenly as whole numbers are, from the last to the first. */
    private static int time(int step) {
        int last = Pictures.STEPS - 1;
        return (int) Math.round((Pictures.TIMESTEPS - 1.0) * (last - step) / last);
    }

    @Override
    public String name() {
        return LibtorchModel.library();
    }

    @Override
    public float step(long index) {
        try (PointerScope _ = new PointerScope()) {
            return (float) step.applyAsDouble(index);
        }
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
