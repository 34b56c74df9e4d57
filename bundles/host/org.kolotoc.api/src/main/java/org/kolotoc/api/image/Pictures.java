package org.kolotoc.api.image;

import java.util.Arrays;
import org.kolotoc.api.Sample;
import org.kolotoc.tensor.CounterRandom;

/**
 * Pictures of one size, {@code [count, height, width, channels]}.
 *
 * @param pixels from 0, black, to 1
 * @param channels 1 for grey, 3 for red, green and blue
 */
public record Pictures(float[] pixels, int height, int width, int channels) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException when the pixels are no whole number of pictures, or the channels neither 1 nor 3
     */
    public Pictures {
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException(channels + " channels; expected 1 for grey, or 3 for colours");
        }
        if (height < 1 || width < 1 || pixels.length % (height * width * channels) != 0) {
            throw new IllegalArgumentException(pixels.length + " numbers are no pictures of " + height + " x " + width
                    + " pixels of " + channels + " channels");
        }
    }

    public int count() {
        return pixels.length / size();
    }

    /** Numbers of one picture. */
    public int size() {
        return height * width * channels;
    }

    /**
     * All of them in one PNG of 8 bits a channel, the first at the top left; what is left of the last row is black.
     *
     * @param columns pictures in a row
     */
    public Sample grid(int columns) {
        int rows = Math.ceilDiv(count(), columns);
        byte[] bytes = new byte[rows * columns * size()];
        for (int i = 0; i < pixels.length; i++) {
            bytes[place(i, columns)] = (byte) Math.round(255 * Math.clamp(pixels[i], 0f, 1f));
        }
        return new Sample("image/png", new Png(bytes, rows * height, columns * width, channels).encoded());
    }

    /**
     * The pictures that a grid shows, to 1/255; with black ones where its last row has none.
     *
     * @throws IllegalArgumentException when it is no PNG of 8 bits a channel, or not of such pictures
     */
    public static Pictures of(Sample grid, int height, int width) {
        Png png = Png.decoded(grid.content());
        if (png.height() % height != 0 || png.width() % width != 0) {
            throw new IllegalArgumentException("a picture of " + png.height() + " x " + png.width()
                    + " pixels is no grid of pictures of " + height + " x " + width);
        }
        Pictures pictures = new Pictures(new float[png.bytes().length], height, width, png.channels());
        for (int i = 0; i < pictures.pixels.length; i++) {
            pictures.pixels[i] = (png.bytes()[pictures.place(i, png.width() / width)] & 0xff) / 255f;
        }
        return pictures;
    }

    /** Where a number lies in a grid. */
    private int place(int at, int columns) {
        int picture = at / size();
        int line = picture / columns * height + at % size() / (width * channels);
        return (line * columns + picture % columns) * width * channels + at % (width * channels);
    }

    /** The same with the pixels of each picture in a random order: a control, see {@link org.kolotoc.api.Sampling}. */
    public Pictures shuffled(long seed) {
        CounterRandom random = new CounterRandom(seed, "control/pixels");
        float[] shuffled = pixels.clone();
        for (int picture = 0; picture < pixels.length; picture += size()) {
            for (int i = height * width - 1; i > 0; i--) {
                int other = random.integer((long) picture + i, i + 1);
                for (int channel = 0; channel < channels; channel++) {
                    int one = picture + i * channels + channel;
                    int two = picture + other * channels + channel;
                    float pixel = shuffled[one];
                    shuffled[one] = shuffled[two];
                    shuffled[two] = pixel;
                }
            }
        }
        return new Pictures(shuffled, height, width, channels);
    }

    /** As many times the first picture: a control. */
    public Pictures constant() {
        float[] all = new float[pixels.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = pixels[i % size()];
        }
        return new Pictures(all, height, width, channels);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pictures that
                && Arrays.equals(pixels, that.pixels)
                && height == that.height
                && width == that.width
                && channels == that.channels;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pixels);
    }
}
