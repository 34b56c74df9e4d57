package org.kolotoc.eval.image;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Sample;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.tensor.CounterRandom;

/**
 * Pictures as data has them.
 *
 * @param numbers {@code [count, channels, height, width]}, from -1 to 1
 */
record Shots(float[] numbers, int channels, int height, int width) {
    private static final int TOGETHER = 32;

    int size() {
        return channels * height * width;
    }

    int count() {
        return numbers.length / size();
    }

    private static Shots of(float[] numbers, Dataset data) {
        return new Shots(
                numbers,
                data.dimensions().get("channel"),
                data.dimensions().get("height"),
                data.dimensions().get("width"));
    }

    /** Of a part of the data. */
    static Shots of(Map<String, float[]> examples, Dataset data) {
        return of(examples.get("sample"), data);
    }

    /** Those that grids show, without the black ones with which a grid ends where its last row has no more. */
    static Shots of(List<Sample> grids, Dataset data) {
        Shots none = of(new float[0], data);
        float[][] each = new float[grids.size()][];
        int all = 0;
        for (int i = 0; i < each.length; i++) {
            Pictures pictures = Pictures.of(grids.get(i), none.height, none.width);
            each[i] = none.planes(shown(pictures), pictures.channels());
            all += each[i].length;
        }
        float[] numbers = new float[all];
        int at = 0;
        for (float[] some : each) {
            System.arraycopy(some, 0, numbers, at, some.length);
            at += some.length;
        }
        return of(numbers, data);
    }

    private static float[] shown(Pictures pictures) {
        int count = pictures.count();
        int least = Math.max(1, count - (int) Math.sqrt(count));
        while (count > least && black(pictures, count - 1)) {
            count--;
        }
        return Arrays.copyOf(pictures.pixels(), count * pictures.size());
    }

    private static boolean black(Pictures pictures, int picture) {
        for (int i = 0; i < pictures.size(); i++) {
            if (pictures.pixels()[picture * pictures.size() + i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** From pixels of channels, 0 to 1, to channels of pixels; grey is each colour. */
    private float[] planes(float[] pixels, int shown) {
        int area = height * width;
        float[] planes = new float[pixels.length / shown * channels];
        for (int i = 0; i < planes.length; i++) {
            int pixel = i / size() * area + i % area;
            int channel = Math.min(i / area % channels, shown - 1);
            planes[i] = 2 * pixels[pixel * shown + channel] - 1;
        }
        return planes;
    }

    /** Bytes of the numbers of the first pictures of a part. */
    static long bytes(Dataset data, String split, int most) {
        Map<String, Integer> axes = new HashMap<>(data.dimensions().extents());
        axes.put("batch", 1);
        long count = Math.min(most, data.batches(split, axes, 0).count());
        return count * Float.BYTES * of(new float[0], data).size();
    }

    /** The first so many. */
    Shots first(int most) {
        return most >= count()
                ? this
                : new Shots(Arrays.copyOf(numbers, Math.min(count(), most) * size()), channels, height, width);
    }

    /** All channels as pictures of grey by themselves, from 0 to 1. */
    float[] brightness() {
        float[] brightness = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            brightness[i] = (numbers[i] + 1) / 2;
        }
        return brightness;
    }

    /**
     * As many pictures of the Gaussian with the mean and the covariance of these, cut off at black and white as all pictures are:
     * sums of what each is away from the mean, with normal factors. Whoever learned something of pictures is better than that.
     * It takes time for {@code wanted * count * size} products.
     */
    Shots gaussian(int wanted, long seed) {
        CounterRandom random = new CounterRandom(seed, "gaussian");
        int count = count();
        double[] mean = new double[size()];
        for (int i = 0; i < numbers.length; i++) {
            mean[i % size()] += numbers[i] / (double) count;
        }
        float[] drawn = new float[wanted * size()];
        // Some at a time, so that each picture of these is fetched once for all of them.
        for (int from = 0; from < wanted; from += TOGETHER) {
            double[][] sums = new double[Math.min(TOGETHER, wanted - from)][];
            Arrays.setAll(sums, _ -> mean.clone());
            double[] away = new double[size()];
            for (int of = 0; of < count; of++) {
                for (int i = 0; i < away.length; i++) {
                    away[i] = numbers[of * away.length + i] - mean[i];
                }
                for (int picture = 0; picture < sums.length; picture++) {
                    double normal = random.normal((long) (from + picture) * count + of);
                    add(normal / Math.sqrt(count - 1.0), away, sums[picture]);
                }
            }
            for (int i = 0; i < sums.length * size(); i++) {
                drawn[from * size() + i] = (float) Math.clamp(sums[i / size()][i % size()], -1, 1);
            }
        }
        return new Shots(drawn, channels, height, width);
    }

    private static void add(double factor, double[] away, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * away[i];
        }
    }

    /** The share of these that are in others, each number within a hundredth of the whole range at the root of the mean square. */
    double copies(Shots others) {
        double copies = 0;
        for (int i = 0; i < count(); i++) {
            for (int j = 0; j < others.count(); j++) {
                if (same(i, others, j)) {
                    copies++;
                    break;
                }
            }
        }
        return copies / Math.max(1, count());
    }

    /** The share of these that are no copy of one before; little where all are alike. */
    double distinct() {
        double distinct = 0;
        for (int i = 0; i < count(); i++) {
            boolean fresh = true;
            for (int j = 0; j < i && fresh; j++) {
                fresh = !same(i, this, j);
            }
            distinct += fresh ? 1 : 0;
        }
        return distinct / Math.max(1, count());
    }

    /** Which of others is nearest to one of these, by the mean square of their differences; the first of equals. */
    int nearest(int one, Shots others) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < others.count(); i++) {
            double square = square(one, others, i, least);
            if (square < least) {
                least = square;
                nearest = i;
            }
        }
        return nearest;
    }

    /** The peak signal by noise of one of these beside another, see {@link Similarity#peakByNoise}. */
    double peakByNoise(int one, Shots others, int other) {
        return Similarity.peakByNoise(brightness(one), others.brightness(other));
    }

    /** The mean structural similarity over channels, see {@link Similarity#structure}. */
    double structure(int one, Shots others, int other) {
        float[] mine = brightness(one);
        float[] its = others.brightness(other);
        double sum = 0;
        int area = height * width;
        for (int channel = 0; channel < channels; channel++) {
            float[] first = Arrays.copyOfRange(mine, channel * area, (channel + 1) * area);
            sum += Similarity.structure(
                    first, Arrays.copyOfRange(its, channel * area, (channel + 1) * area), height, width);
        }
        return sum / channels;
    }

    /** One of these as {@link #brightness()}. */
    private float[] brightness(int one) {
        return new Shots(Arrays.copyOfRange(numbers, one * size(), (one + 1) * size()), channels, height, width)
                .brightness();
    }

    private boolean same(int one, Shots others, int other) {
        return square(one, others, other, size() * 4e-4) <= size() * 4e-4;
    }

    /** Of their differences; what is above the most is not added up to the end. */
    private double square(int one, Shots others, int other, double most) {
        double square = 0;
        for (int i = 0; i < size() && square <= most; i++) {
            double away = numbers[one * size() + i] - others.numbers[other * size() + i];
            square += away * away;
        }
        return square;
    }
}
