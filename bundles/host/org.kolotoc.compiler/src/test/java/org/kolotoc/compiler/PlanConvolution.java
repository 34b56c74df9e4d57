package org.kolotoc.compiler;

import org.kolotoc.tensor.Window2d;

/** Walks over what a launch of a convolution multiplies: an element of an image, a weight and an element of the result. */
record PlanConvolution(ConvolutionShape shape) {
    /** Elements of image {@code batch} and of the result of it, counted from where these begin, and a weight. */
    @FunctionalInterface
    interface Triple {
        void at(int batch, int image, int weight, int result);
    }

    void walk(Triple triple) {
        for (int b = 0; b < shape.batch(); b++) {
            for (int weight = 0; weight < shape.weightsSize(); weight++) {
                int across = weight % shape.across();
                int down = weight / shape.across() % shape.down();
                int filter = weight / shape.filterSize();
                int channel = filter / shape.groupFilters() * shape.groupChannels()
                        + weight % shape.filterSize() / (shape.down() * shape.across());
                for (int position = 0; position < shape.positions(); position++) {
                    int y = at(shape.window().vertical(), position / shape.columns(), down);
                    int x = at(shape.window().horizontal(), position % shape.columns(), across);
                    if (y >= 0 && y < shape.height() && x >= 0 && x < shape.width()) {
                        int image = (channel * shape.height() + y) * shape.width() + x;
                        triple.at(b, image, weight, filter * shape.positions() + position);
                    }
                }
            }
        }
    }

    private static int at(Window2d.Axis axis, int position, int place) {
        return position * axis.stride() - axis.low() + place * axis.dilation();
    }
}
