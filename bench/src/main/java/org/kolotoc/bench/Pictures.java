package org.kolotoc.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Signature;
import org.kolotoc.model.diffusion.UNet;
import org.kolotoc.model.diffusion.UNetSettings;
import org.kolotoc.model.gan.DcganDiscriminator;
import org.kolotoc.model.gan.DcganDiscriminatorSettings;
import org.kolotoc.model.gan.DcganGenerator;
import org.kolotoc.model.gan.DcganGeneratorSettings;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tensor.Buffer;

/**
 * Pictures that both sides get, a bright rectangle each, and the sizes and settings that both have. They are those of {@code
 * examples/experiments/gan-fashion.json} and {@code diffusion-fashion.json} without what these add: classes, averages, a penalty.
 *
 * @param batch pictures in a step
 */
record Pictures(int batch) implements Dataset, Batches {
    static final int SIDE = 28;
    static final int PIXELS = SIDE * SIDE;

    /** Numbers of noise that a picture is made of. */
    static final int LATENT = 64;

    static final List<Integer> CHANNELS = List.of(64, 128);
    static final List<Integer> WIDTHS = List.of(32, 64, 88);
    static final int WAVES = 32;
    static final int GROUPS = 8;
    static final int HEADS = 4;

    /** Of the noise schedule. */
    static final int TIMESTEPS = 200;

    /** Of DDIM. */
    static final int STEPS = 50;

    /** Multiply-adds of a picture on its way through each model, counted from the layers. */
    static final double GENERATOR_PRODUCTS = 7.02e6;

    static final double DISCRIMINATOR_PRODUCTS = 6.63e6;
    static final double DENOISER_PRODUCTS = 144.8e6;

    static final double RATE = 1e-3;
    static final AdamW GAME = new AdamW(0.5, 0.999, 1e-8, 0);
    static final AdamW DENOISING = new AdamW(0.9, 0.999, 1e-8, 0);
    static final double CLIP = 1;

    private static final Dimensions SIZES = new Dimensions(Map.of("channel", 1, "height", SIDE, "width", SIDE));

    static NoiseSchedule schedule() {
        return NoiseSchedule.cosine(TIMESTEPS);
    }

    static Model generator() {
        return new DcganGenerator().create(new DcganGeneratorSettings(LATENT, CHANNELS.reversed(), false), SIZES);
    }

    static Model discriminator() {
        return new DcganDiscriminator().create(new DcganDiscriminatorSettings(CHANNELS, false, 0, false), SIZES);
    }

    static Model denoiser() {
        return new UNet()
                .create(new UNetSettings(WIDTHS, WAVES, GROUPS, HEADS, TIMESTEPS, Prediction.NOISE, false), SIZES);
    }

    /** The {@code index}-th batch, {@code [batch, pixels]}, from -1, black, to 1. */
    float[] batch(long index) {
        float[] pictures = new float[batch * PIXELS];
        Arrays.fill(pictures, -1);
        for (int row = 0; row < batch; row++) {
            SplittableRandom random = new SplittableRandom(index * batch + row);
            int left = random.nextInt(SIDE / 2);
            int top = random.nextInt(SIDE / 2);
            int width = 4 + random.nextInt(SIDE / 3);
            int height = 4 + random.nextInt(SIDE / 3);
            for (int y = top; y < top + height; y++) {
                int from = row * PIXELS + y * SIDE + left;
                Arrays.fill(pictures, from, from + width, 1);
            }
        }
        return pictures;
    }

    @Override
    public Dimensions dimensions() {
        return SIZES;
    }

    @Override
    public List<String> splits() {
        return List.of("train");
    }

    @Override
    public List<Signature.Port> fields() {
        return Signature.parse("-> " + Layout.PICTURES.field()).outputs();
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        return this;
    }

    @Override
    public long count() {
        return 1_000;
    }

    @Override
    public void fill(long index, Map<String, Buffer> feeds) {
        feeds.get("sample").write(batch(index));
    }
}
