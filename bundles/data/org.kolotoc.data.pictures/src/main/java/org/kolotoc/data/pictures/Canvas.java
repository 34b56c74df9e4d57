package org.kolotoc.data.pictures;

/**
 * Sizes of a picture, whose numbers are {@code [channels, height, width]}, from -1, black, to 1.
 *
 * @param channels 1 for grey, 3 for red, green and blue
 */
record Canvas(int channels, int height, int width) {
    int area() {
        return height * width;
    }

    /** Numbers of a picture. */
    int size() {
        return channels * area();
    }

    /** Of a brightness from 0 to 1. */
    static float number(double brightness) {
        return (float) (2 * brightness - 1);
    }

    @Override
    public String toString() {
        return height + " x " + width + " pixels of " + channels + (channels == 1 ? " channel" : " channels");
    }
}
