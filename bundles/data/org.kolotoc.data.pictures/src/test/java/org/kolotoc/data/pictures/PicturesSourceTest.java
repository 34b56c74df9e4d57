package org.kolotoc.data.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.Toys;

class PicturesSourceTest extends DataSourceConformance<PicturesSettings> {
    @Override
    protected DataSource<PicturesSettings> source() {
        return new PicturesSource();
    }

    @Override
    protected PicturesSettings settings() {
        for (int i = 0; i < 220; i++) {
            write("animals/" + (i % 2 == 0 ? "cats" : "dogs/small") + "/" + i + ".png", grey(5, 4, i));
        }
        return of("animals", 0.9);
    }

    private static PicturesSettings of(String path, double train) {
        return new PicturesSettings(path, 4, 4, 1, 1, train);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3);
    }

    @Override
    protected Stream<Refused<PicturesSettings>> refused() {
        write("one/a.png", grey(2, 2, 3));
        write("mixed/a.png", grey(2, 2, 3));
        write("mixed/b/a.png", grey(2, 2, 3));
        write("empty/nothing.txt", null);
        return Stream.of(
                new Refused<>(of("one", 0.9), "train"),
                new Refused<>(of("mixed", 0.5), "path"),
                new Refused<>(of("empty", 0.5), "path"),
                new Refused<>(new PicturesSettings("one", 4, 4, 2, 1, 0.9), "channels"));
    }

    private static BufferedImage grey(int height, int width, int brightness) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < height * width; i++) {
            image.getRaster().setSample(i % width, i / width, 0, brightness);
        }
        return image;
    }

    private void write(String path, BufferedImage image) {
        Path file = folder.resolve(path);
        try {
            Files.createDirectories(file.getParent());
            if (image == null) {
                Files.writeString(file, "no picture");
            } else {
                ImageIO.write(image, "png", file.toFile());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void foldersAreClasses() {
        Dataset data = source().open(settings(), context());
        assertEquals(2, data.dimensions().get("class"));
        Map<String, float[]> heldOut = data.first("validation", 100);
        for (int i = 0; i < heldOut.get("label").length; i++) {
            int brightness = Math.round((heldOut.get("sample")[16 * i] + 1) / 2 * 255);
            assertEquals(brightness % 2, (int) heldOut.get("label")[i]);
        }
    }

    @Test
    void withoutFoldersThereAreNoLabels() {
        for (int i = 0; i < 4; i++) {
            write("plain/" + i + ".png", grey(2, 2, 10 * i));
        }
        write("plain/.hidden.png", null);
        Dataset data = source().open(of("plain", 0.5), context());
        assertFalse(data.first("train", 4).containsKey("label"));
        int train = data.first("train", 4).get("sample").length;
        assertEquals(4 * 16, train + data.first("validation", 4).get("sample").length);
    }

    @Test
    void whatIsLeftOutIsNamed() {
        assertEquals("leaves out a file that is no picture by name: a.txt", PicturesSource.leftOut(List.of("a.txt")));
        assertEquals(
                "leaves out 5 files that are no pictures by name: a, b, c and 2 more",
                PicturesSource.leftOut(List.of("a", "b", "c", "d", "e")));
    }

    private Set<Integer> brightness(long seed, String split) {
        float[] sample = source().open(of("animals", 0.9), new BenchDataContext(folder, seed, Toys::tokenizer))
                .first(split, 1000)
                .get("sample");
        Set<Integer> found = new TreeSet<>();
        for (int i = 0; i < sample.length; i += 16) {
            found.add(Math.round((sample[i] + 1) / 2 * 255));
        }
        return found;
    }

    /** What is held out is not a matter of the seed, nor of other pictures that come. */
    @Test
    void theSamePicturesAreHeldOut() {
        settings();
        Set<Integer> train = brightness(1, "train");
        Set<Integer> heldOut = brightness(1, "validation");
        assertEquals(220, train.size() + heldOut.size());
        assertEquals(22, heldOut.size(), 12);
        assertEquals(heldOut, brightness(2, "validation"));
        for (int i = 220; i < 230; i++) {
            write("animals/cats/new" + i + ".png", grey(5, 4, i));
            assertTrue(brightness(1, "validation").containsAll(heldOut));
            assertTrue(brightness(1, "train").containsAll(train));
        }
    }

    /** Of two there is one in each part, whatever their names are. */
    @Test
    void noPartIsEmptyOfFewPictures() {
        for (String name : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
            write(name + "/" + name + "1.png", grey(2, 2, 10));
            write(name + "/" + name + "2.png", grey(2, 2, 10));
            for (double train : new double[] {0.01, 0.99}) {
                Dataset data = source().open(of(name, train), context());
                assertEquals(16, data.first("train", 4).get("sample").length);
                assertEquals(16, data.first("validation", 4).get("sample").length);
            }
        }
    }

    @Test
    void whatIsNoPictureIsNamed() throws IOException {
        write("bad/a.png", grey(2, 2, 3));
        write("bad/b.png", null);
        InputError error = assertThrows(InputError.class, () -> source().open(of("bad", 0.5), context()));
        assertTrue(error.getMessage().contains(folder.resolve("bad/b.png").toString()), error::getMessage);
        for (int i = 0; i < 12; i++) {
            write("bad/c" + i + ".png", null);
        }
        InputError several = assertThrows(InputError.class, () -> source().open(of("bad", 0.5), context()));
        assertTrue(several.getMessage().startsWith("13 of 14 pictures can't be read:\n"), several::getMessage);
        assertEquals(12, several.getMessage().lines().count(), several::getMessage);
        assertTrue(several.getMessage().endsWith("\n    and 3 more"), several::getMessage);
        InputError absent = assertThrows(InputError.class, () -> source().open(of("nowhere", 0.5), context()));
        assertTrue(absent.getMessage().contains("nowhere"), absent::getMessage);
    }
}
