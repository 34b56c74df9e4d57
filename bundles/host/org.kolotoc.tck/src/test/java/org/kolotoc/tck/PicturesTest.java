package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.Sample;
import org.kolotoc.api.image.Animation;
import org.kolotoc.api.image.PictureText;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.tensor.CounterRandom;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** PNGs are held against those of the JDK, in both ways. */
final class PicturesTest {
    private static Pictures pictures(int count, int height, int width, int channels) {
        float[] pixels = new float[count * height * width * channels];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = new CounterRandom(1, "pixels").integer(i, 256) / 255f;
        }
        return new Pictures(pixels, height, width, channels);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatIsWrittenOthersRead(int channels) throws IOException {
        Pictures one = pictures(1, 5, 7, channels);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(one.grid(1).content()));
        assertEquals(7, image.getWidth());
        assertEquals(5, image.getHeight());
        for (int i = 0; i < one.pixels().length; i++) {
            int pixel = i / channels;
            int sample = image.getRaster().getSample(pixel % 7, pixel / 7, i % channels);
            assertEquals(Math.round(255 * one.pixels()[i]), sample, "number " + i);
        }
    }

    /** A smooth picture makes the JDK use every filter that it knows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatOthersWriteIsRead(int channels) throws IOException {
        BufferedImage image =
                new BufferedImage(60, 50, channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 60 * 50 * channels; i++) {
            int x = i / channels % 60;
            int y = i / channels / 60;
            image.getRaster().setSample(x, y, i % channels, (x * y / 9 + 3 * x + i % channels * 40) % 256);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(image, "png", file);
        float[] pixels =
                Pictures.of(new Sample("image/png", file.toByteArray()), 50, 60).pixels();
        for (int i = 0; i < pixels.length; i++) {
            int expected = image.getRaster().getSample(i / channels % 60, i / channels / 60, i % channels);
            assertEquals(expected / 255f, pixels[i], "number " + i);
        }
    }

    @Test
    void aGridHasRowsAndColumns() throws IOException {
        Pictures five = pictures(5, 2, 3, 1);
        Sample grid = five.grid(2);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(grid.content()));
        assertEquals(6, image.getWidth());
        assertEquals(6, image.getHeight());
        // The fourth picture is the second of the second row.
        assertEquals(Math.round(255 * five.pixels()[3 * 6]), image.getRaster().getSample(3, 2, 0));
        Pictures read = Pictures.of(grid, 2, 3);
        assertEquals(6, read.count());
        assertArrayEquals(five.pixels(), Arrays.copyOf(read.pixels(), 30));
        assertArrayEquals(new float[6], Arrays.copyOfRange(read.pixels(), 30, 36), "nothing is black");
    }

    @Test
    void controlsAreWhatTheyAreCalled() {
        Pictures all = pictures(3, 4, 4, 3);
        Pictures shuffled = all.shuffled(1);
        assertEquals(shuffled, all.shuffled(1));
        for (int i = 0; i < 3; i++) {
            float[] one = Arrays.copyOfRange(all.pixels(), 48 * i, 48 * i + 48);
            float[] other = Arrays.copyOfRange(shuffled.pixels(), 48 * i, 48 * i + 48);
            assertFalse(Arrays.equals(one, other), "picture " + i + " stays");
            Arrays.sort(one);
            Arrays.sort(other);
            assertArrayEquals(one, other, "its pixels stay");
        }
        assertTrue(hasPixel(all, shuffled.pixels()), "a pixel keeps its colour");
        Pictures constant = all.constant();
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(
                    Arrays.copyOf(all.pixels(), 48), Arrays.copyOfRange(constant.pixels(), 48 * i, 48 * i + 48));
        }
    }

    private static boolean hasPixel(Pictures pictures, float[] pixel) {
        for (int i = 0; i < pictures.size(); i += 3) {
            if (Arrays.equals(pictures.pixels(), i, i + 3, pixel, 0, 3)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whatIsNoPictureIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Pictures(new float[7], 2, 2, 1));
        assertThrows(IllegalArgumentException.class, () -> new Pictures(new float[8], 2, 2, 2));
        Sample whole = pictures(1, 8, 8, 1).grid(1);
        assertThrows(IllegalArgumentException.class, () -> Pictures.of(whole, 3, 8));
        assertThrows(IllegalArgumentException.class, () -> Pictures.of(Sample.text("a picture"), 1, 1));
        for (int length = 0; length < whole.content().length - 12; length++) {
            Sample cut = new Sample("image/png", Arrays.copyOf(whole.content(), length));
            assertThrows(IllegalArgumentException.class, () -> Pictures.of(cut, 8, 8), "cut at " + length);
        }
        for (int i = 0; i < whole.content().length - 12; i++) {
            byte[] changed = whole.content().clone();
            changed[i] ^= 4;
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Pictures.of(new Sample("image/png", changed), 8, 8),
                    "byte " + i + " is another");
        }
    }

    /** Others read it too, and the pixels stay. */
    @Test
    void whatAPictureSaysIsRead() throws IOException {
        Sample grid = pictures(3, 4, 5, 1).grid(2);
        Map<String, String> words = Map.of("Experiment", "čáry", "Seed", "7");
        Sample told = PictureText.with(PictureText.with(grid, words), Map.of("Checkpoint", "abc"));
        assertEquals("čáry", PictureText.of(told).get("Experiment"));
        assertEquals(3, PictureText.of(told).size());
        assertEquals(Pictures.of(grid, 4, 5), Pictures.of(told, 4, 5));
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(told.content())));
        NodeList texts = ((Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0"))
                .getElementsByTagName("iTXtEntry");
        Map<String, String> read = new HashMap<>();
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            read.put(text.getAttribute("keyword"), text.getAttribute("text"));
        }
        assertEquals(Map.of("Experiment", "čáry", "Seed", "7", "Checkpoint", "abc"), read);
        assertThrows(IllegalArgumentException.class, () -> PictureText.with(grid, Map.of("", "empty")));
    }

    /** Whoever knows no animation shows the first picture; the others are what they were, each numbered. */
    @Test
    void picturesOneAfterTheOtherAreOneFile() throws IOException {
        List<Sample> frames = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Pictures even = new Pictures(new float[20], 4, 5, 1);
            Arrays.fill(even.pixels(), i / 2f);
            frames.add(even.grid(1));
        }
        Sample moving = new Animation(frames, 500).apng();
        assertEquals("apng", moving.fileEnding());
        BufferedImage first = ImageIO.read(new ByteArrayInputStream(moving.content()));
        assertEquals(0, first.getRaster().getSample(0, 0, 0));
        String content = new String(moving.content(), StandardCharsets.ISO_8859_1);
        assertEquals(3, content.split("fcTL", -1).length - 1);
        assertEquals(2, content.split("fdAT", -1).length - 1);
        assertTrue(content.indexOf("acTL") < content.indexOf("IDAT"));
        assertThrows(IllegalArgumentException.class, () -> new Animation(List.of(), 500));
        Sample other = new Pictures(new float[6], 2, 3, 1).grid(1);
        assertThrows(IllegalArgumentException.class, () -> new Animation(List.of(frames.getFirst(), other), 500));
    }
}
