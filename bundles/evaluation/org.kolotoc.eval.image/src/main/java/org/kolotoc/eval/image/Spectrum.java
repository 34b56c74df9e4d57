package org.kolotoc.eval.image;

/**
 * The power of pictures by how fine it is: the mean squares of their Fourier coefficients at each distance from the origin, as
 * whole numbers of waves in a picture (van der Schaaf and van Hateren 1996; of generators: Durall et al., arXiv:2003.01826).
 *
 * @param powers from one wave on, to half as many as there are pixels along the shorter side
 */
record Spectrum(double[] powers) {
    /** Of no wave of a picture nothing is known; far below what 8 bits show. */
    private static final double LEAST = 1e-9;

    /** @param pictures {@code [count, height, width]}, at least one */
    static Spectrum of(float[] pictures, int height, int width) {
        int area = height * width;
        int count = pictures.length / area;
        double[] powers = new double[Math.min(height, width) / 2 + 1];
        double[] members = new double[powers.length];
        for (int v = 0; v < height; v++) {
            for (int u = 0; u < width; u++) {
                int distance = distance(v, u, height, width);
                if (distance < powers.length) {
                    members[distance]++;
                }
            }
        }
        Waves rows = new Waves(width);
        Waves columns = new Waves(height);
        for (int picture = 0; picture < count; picture++) {
            double[] real = new double[area];
            double[] imaginary = new double[area];
            for (int i = 0; i < area; i++) {
                real[i] = pictures[picture * area + i];
            }
            for (int y = 0; y < height; y++) {
                rows.transform(real, imaginary, y * width, 1);
            }
            for (int x = 0; x < width; x++) {
                columns.transform(real, imaginary, x, width);
            }
            for (int i = 0; i < area; i++) {
                int distance = distance(i / width, i % width, height, width);
                if (distance < powers.length) {
                    double square = real[i] * real[i] + imaginary[i] * imaginary[i];
                    powers[distance] += square / area / members[distance] / count;
                }
            }
        }
        double[] waves = new double[powers.length - 1];
        System.arraycopy(powers, 1, waves, 0, waves.length);
        return new Spectrum(waves);
    }

    private static int distance(int v, int u, int height, int width) {
        int down = Math.min(v, height - v);
        int right = Math.min(u, width - u);
        int shorter = Math.min(height, width);
        return (int) Math.round(StrictMath.hypot(down * (double) shorter / height, right * (double) shorter / width));
    }

    /** Sines and cosines of a Fourier transform of one length, which may be any. */
    private record Waves(double[] cosines, double[] sines, double[] real, double[] imaginary) {
        Waves(int length) {
            this(new double[length], new double[length], new double[length], new double[length]);
            for (int i = 0; i < length; i++) {
                cosines[i] = StrictMath.cos(-2 * Math.PI * i / length);
                sines[i] = StrictMath.sin(-2 * Math.PI * i / length);
            }
        }

        /** In its place, of the numbers that lie so far apart. */
        void transform(double[] ofReal, double[] ofImaginary, int from, int stride) {
            int length = cosines.length;
            for (int k = 0; k < length; k++) {
                real[k] = 0;
                imaginary[k] = 0;
                for (int i = 0; i < length; i++) {
                    int wave = i * k % length;
                    double a = ofReal[from + i * stride];
                    double b = ofImaginary[from + i * stride];
                    real[k] += a * cosines[wave] - b * sines[wave];
                    imaginary[k] += a * sines[wave] + b * cosines[wave];
                }
            }
            for (int k = 0; k < length; k++) {
                ofReal[from + k * stride] = real[k];
                ofImaginary[from + k * stride] = imaginary[k];
            }
        }
    }

    /**
     * The root of the mean square of the differences of the logarithms, in decades.
     *
     * @param from the first wave that counts, 1 for all
     */
    double distance(Spectrum other, int from) {
        double sum = 0;
        int count = 0;
        for (int i = from - 1; i < powers.length; i++) {
            double away =
                    StrictMath.log10(Math.max(LEAST, powers[i])) - StrictMath.log10(Math.max(LEAST, other.powers[i]));
            sum += away * away;
            count++;
        }
        return Math.sqrt(sum / Math.max(1, count));
    }

    /** The first of the finer half. */
    int fine() {
        return powers.length / 2 + 1;
    }
}
