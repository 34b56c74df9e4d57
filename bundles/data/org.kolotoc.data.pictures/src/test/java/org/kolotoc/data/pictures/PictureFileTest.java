package org.kolotoc.data.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;

/** Kinds of pictures that people have. */
class PictureFileTest {
    /** A tag of TIFF. */
    private static final int BITS_PER_SAMPLE = 258;

    @TempDir
    Path folder;

    private PictureFile.Raster read(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("picture." + format);
        assertTrue(ImageIO.write(image, format, file.toFile()));
        return new PictureFile(1).read(file);
    }

    private static void assertValues(PictureFile.Raster read, double... expected) {
        float[] floats = new float[expected.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) expected[i];
        }
        assertArrayEquals(floats, read.values(), 1e-6f);
    }

    /** No curve of a colour space between them. */
    @Test
    void greyIsAsItIsWritten() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 0, 0, 51);
        image.getRaster().setSample(1, 0, 0, 102);
        assertValues(read(image, "png"), 0.2, 0.4);
    }

    @Test
    void sixteenBitsAreRead() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, 65535);
        image.getRaster().setSample(1, 0, 0, 13107);
        assertValues(read(image, "png"), 1, 0.2);
    }

    @Test
    void coloursArePlanes() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_3BYTE_BGR}) {
            BufferedImage image = new BufferedImage(2, 1, type);
            image.setRGB(0, 0, 0x336699);
            image.setRGB(1, 0, 0x00FF00);
            for (String format : new String[] {"png", "bmp", "tiff"}) {
                PictureFile.Raster read = read(image, format);
                assertEquals(3, read.channels());
                assertValues(read, 0.2, 0, 0.4, 1, 0.6, 0);
            }
        }
    }

    @Test
    void palettesAreTheirColours() throws IOException {
        byte[] red = {0, (byte) 255};
        byte[] green = {51, 0};
        byte[] blue = {102, 0};
        BufferedImage image =
                new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(1, 2, red, green, blue));
        image.getRaster().setSample(1, 0, 0, 1);
        for (String format : new String[] {"png", "gif"}) {
            assertValues(read(image, format), 0, 1, 0.2, 0, 0.4, 0);
        }
    }

    @Test
    void transparentPixelsStandBeforeTheGround() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x33FF0000);
        image.setRGB(1, 0, 0);
        assertValues(read(image, "png"), 1, 1, 0.8, 1, 0.8, 1);
        assertValues(new PictureFile(0).read(folder.resolve("picture.png")), 0.2, 0, 0, 0, 0, 0);
    }

    @Test
    void inksAreRefusedByName() throws IOException {
        WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null);
        Path file = folder.resolve("inks.jpg");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(inks, null, null), null);
        } finally {
            writer.dispose();
        }
        InputError error = assertThrows(InputError.class, () -> new PictureFile(1).read(file));
        assertTrue(error.getMessage().contains("inks.jpg") && error.getMessage().contains("CMYK"), error::getMessage);
    }

    /** Some readers fill up what is missing. */
    @Test
    void whatEndsTooEarlyIsRefused() throws IOException {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, i * 2_654_435);
        }
        for (String format : new String[] {"png", "jpg", "gif", "bmp", "tiff"}) {
            read(image, format);
            Path file = folder.resolve("picture." + format);
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            InputError error = assertThrows(InputError.class, () -> new PictureFile(1).read(file), format);
            assertTrue(error.getMessage().contains("picture." + format + " is broken"), error::getMessage);
        }
    }

    /** A byte of a TIFF was changed: its reader would take more memory than there is. */
    @Test
    void tooManyBitsAreRefusedBeforeTheyAreDecoded() throws IOException {
        read(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY), "tiff");
        Path file = folder.resolve("picture.tiff");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        int bits = 10;
        while (bytes.getShort(bits) != BITS_PER_SAMPLE) {
            bits += 12;
        }
        bytes.putShort(bits + 8, (short) 30);
        Files.write(file, bytes.array());
        InputError error = assertThrows(InputError.class, () -> new PictureFile(1).read(file));
        assertTrue(
                error.getMessage().contains("picture.tiff is of more than 16 bits a channel; expected at most 16"),
                error::getMessage);
    }

    /** Whose reader says nothing of what it threw. */
    @Test
    void whatIsBrokenIsNeverNull() throws IOException {
        read(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "bmp");
        Path file = folder.resolve("picture.bmp");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 20));
        InputError error = assertThrows(InputError.class, () -> new PictureFile(1).read(file));
        assertTrue(error.getMessage().endsWith("picture.bmp is broken: EOFException"), error::getMessage);
    }

    /** Before any of it is decoded. */
    @Test
    void whatIsTooLargeIsRefused() throws IOException {
        BufferedImage image = new BufferedImage(4097, 4096, BufferedImage.TYPE_BYTE_BINARY);
        InputError error = assertThrows(InputError.class, () -> read(image, "png"));
        assertTrue(
                error.getMessage().contains("picture.png is 16781312 pixels; expected at most 16777216"),
                error::getMessage);
    }
}
