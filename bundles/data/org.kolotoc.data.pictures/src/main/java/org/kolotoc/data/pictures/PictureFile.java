package org.kolotoc.data.pictures;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import org.kolotoc.api.InputError;

/**
 * Reads a picture file as brightness from 0 to 1, {@code [channels, height, width]}, 1 channel of grey or 3 of colours: samples of
 * up to 16 bits by the largest there is, palettes by their colours, transparent pixels before an even ground. Of several pictures
 * in a file the first is taken; how a camera was held is not asked.
 *
 * @param ground brightness behind transparent pixels
 */
record PictureFile(double ground) {
    /** Pixels; 200 MB of floats where they have three colours. */
    private static final long MOST = 1 << 24;

    private static final String INKS = "of four inks (CMYK); expected grey, or red, green and blue";

    /** @throws InputError naming the file, when it is no picture, or of a kind that has no one meaning */
    Raster read(Path file) {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw refused(file, "none of " + String.join(", ", ImageIO.getReaderFileSuffixes()), null);
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getHeight(0) * reader.getWidth(0);
                if (pixels > MOST) {
                    throw refused(file, pixels + " pixels; expected at most " + MOST, null);
                }
                return raster(file, decoded(file, reader));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof InputError refusal) {
                throw refusal;
            }
            // A reader of a broken file may throw anything.
            throw refused(
                    file, "broken: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()), e);
        }
    }

    private static BufferedImage decoded(Path file, ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        if (reader.canReadRaster() && !types.hasNext()) {
            throw refused(file, INKS, null);
        }
        ImageTypeSpecifier type = types.hasNext() ? types.next() : null;
        // Before it is decoded: the reader of TIFF would make tables of gigabytes for so many.
        if (type != null && isDeep(type.getColorModel())) {
            throw refused(file, "of more than 16 bits a channel; expected at most 16", null);
        }
        List<String> warnings = new ArrayList<>();
        // Of a file that ends too early some readers fill up what is missing, with a word about it.
        reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
        BufferedImage image = reader.read(0);
        if (!warnings.isEmpty()) {
            throw refused(file, "broken: " + String.join("; ", warnings), null);
        }
        return image;
    }

    private static boolean isDeep(ColorModel colours) {
        return colours.getTransferType() > DataBuffer.TYPE_INT
                || Arrays.stream(colours.getComponentSize()).anyMatch(bits -> bits > 16);
    }

    private static InputError refused(Path file, String found, Exception cause) {
        return InputError.of(
                "the picture " + file + " is " + found,
                "save it anew as a PNG of 8 bits a channel, grey or RGB; or move it out of the folder",
                cause);
    }

    /** Numbers of one picture, from 0 to 1, {@code [channels, height, width]}. */
    record Raster(float[] values, int channels, int height, int width) {}

    private Raster raster(Path file, BufferedImage image) {
        ColorModel colours = image.getColorModel();
        int height = image.getHeight();
        int width = image.getWidth();
        int area = height * width;
        if (colours instanceof IndexColorModel palette) {
            float[] values = new float[3 * area];
            for (int i = 0; i < area; i++) {
                int index = image.getRaster().getSample(i % width, i / width, 0);
                double alpha = palette.getAlpha(index) / 255.0;
                values[i] = over(palette.getRed(index) / 255.0, alpha);
                values[area + i] = over(palette.getGreen(index) / 255.0, alpha);
                values[2 * area + i] = over(palette.getBlue(index) / 255.0, alpha);
            }
            return new Raster(values, 3, height, width);
        }
        int channels = colours.getNumColorComponents();
        int space = colours.getColorSpace().getType();
        boolean known = space == ColorSpace.TYPE_GRAY && channels == 1 || space == ColorSpace.TYPE_RGB && channels == 3;
        if (!known) {
            throw refused(
                    file, channels == 4 ? INKS : "of a colour space of " + channels + " axes, not grey or RGB", null);
        }
        if (colours.isAlphaPremultiplied()) {
            image.coerceData(false);
        }
        float[] values = new float[channels * area];
        for (int i = 0; i < values.length; i++) {
            int channel = i / area;
            double alpha = colours.hasAlpha() ? sample(image, colours, i % area, channels) : 1;
            values[i] = over(sample(image, colours, i % area, channel), alpha);
        }
        return new Raster(values, channels, height, width);
    }

    private static double sample(BufferedImage image, ColorModel colours, int pixel, int band) {
        int most = (1 << colours.getComponentSize(band)) - 1;
        return image.getRaster().getSample(pixel % image.getWidth(), pixel / image.getWidth(), band) / (double) most;
    }

    private float over(double value, double alpha) {
        return (float) (alpha * value + (1 - alpha) * ground);
    }
}
