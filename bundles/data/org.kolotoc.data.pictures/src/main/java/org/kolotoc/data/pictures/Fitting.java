package org.kolotoc.data.pictures;

/**
 * Brings pictures to one size: the middle of the picture that has the wanted shape, resampled with a triangle as wide as a pixel
 * of the smaller grid, which is bilinear interpolation where the picture grows, and takes all pixels into account where it
 * shrinks.
 */
record Fitting(Canvas canvas) {
    /** By which a pixel is grey: luma of ITU-R BT.601. */
    private static final double[] LUMA = {0.299, 0.587, 0.114};

    /** Writes {@code [channels, height, width]}, from -1 to 1. */
    void write(PictureFile.Raster picture, float[] numbers, int from) {
        double scale = Math.min(picture.height() / (double) canvas.height(), picture.width() / (double) canvas.width());
        Window[] rows = windows(picture.height(), canvas.height(), scale);
        Window[] columns = windows(picture.width(), canvas.width(), scale);
        for (int channel = 0; channel < canvas.channels(); channel++) {
            float[] plane = plane(picture, channel);
            for (int y = 0; y < canvas.height(); y++) {
                for (int x = 0; x < canvas.width(); x++) {
                    numbers[from + (channel * canvas.height() + y) * canvas.width() + x] =
                            Canvas.number(sum(plane, picture.width(), rows[y], columns[x]));
                }
            }
        }
    }

    /** One channel of what is wanted. */
    private float[] plane(PictureFile.Raster picture, int channel) {
        int area = picture.height() * picture.width();
        float[] plane = new float[area];
        for (int i = 0; i < area; i++) {
            if (picture.channels() == 1) {
                plane[i] = picture.values()[i];
            } else if (canvas.channels() == 3) {
                plane[i] = picture.values()[channel * area + i];
            } else {
                double grey = 0;
                for (int colour = 0; colour < 3; colour++) {
                    grey += LUMA[colour] * picture.values()[colour * area + i];
                }
                plane[i] = (float) grey;
            }
        }
        return plane;
    }

    /**
     * Old pixels in a row that a new one is made of.
     *
     * @param shares of the first one and those behind it, together 1
     */
    private record Window(int first, double[] shares) {}

    /** For each new pixel. */
    private static Window[] windows(int old, int count, double scale) {
        double begin = (old - count * scale) / 2;
        double reach = Math.max(1, scale);
        Window[] windows = new Window[count];
        for (int i = 0; i < count; i++) {
            double centre = begin + (i + 0.5) * scale - 0.5;
            int first = Math.max(0, (int) Math.ceil(centre - reach));
            int last = Math.min(old - 1, (int) Math.floor(centre + reach));
            double[] shares = new double[last - first + 1];
            double sum = 0;
            for (int at = 0; at < shares.length; at++) {
                shares[at] = 1 - Math.abs(first + at - centre) / reach;
                sum += shares[at];
            }
            for (int at = 0; at < shares.length; at++) {
                shares[at] /= sum;
            }
            windows[i] = new Window(first, shares);
        }
        return windows;
    }

    private static double sum(float[] plane, int width, Window rows, Window columns) {
        double sum = 0;
        for (int row = 0; row < rows.shares().length; row++) {
            int from = (rows.first() + row) * width + columns.first();
            for (int column = 0; column < columns.shares().length; column++) {
                sum += rows.shares()[row] * columns.shares()[column] * plane[from + column];
            }
        }
        return sum;
    }
}
