package org.kolotoc.data.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.TestData;
import org.kolotoc.tck.Toys;

class IdxSourceTest extends DataSourceConformance<IdxSettings> {
    @Override
    protected DataSource<IdxSettings> source() {
        return new IdxSource();
    }

    @Override
    protected IdxSettings settings() {
        Idx.write(folder.resolve("images.gz"), Idx.packed(Idx.bytes(230, 2, 3)));
        Idx.write(folder.resolve("labels"), Idx.labels(230, 3));
        Idx.write(folder.resolve("few"), Idx.labels(229, 3));
        Idx.write(folder.resolve("flat"), Idx.bytes(230, 6));
        Idx.write(folder.resolve("wider"), Idx.bytes(20, 3, 3));
        Idx.write(folder.resolve("coloured"), Idx.bytes(10, 2, 3, 3));
        return images("images.gz", "labels");
    }

    private static IdxSettings images(String images, String labels) {
        return new IdxSettings(images, labels, "", "", 0.9, 0);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3);
    }

    @Override
    protected Stream<Refused<IdxSettings>> refused() {
        settings();
        return Stream.of(
                new Refused<>(images("images.gz", "few"), "labels"),
                new Refused<>(images("images.gz", "images.gz"), "labels"),
                new Refused<>(images("flat", "labels"), "images"),
                new Refused<>(new IdxSettings("images.gz", "labels", "wider", "", 0.9, 0), "heldOutLabels"),
                new Refused<>(new IdxSettings("images.gz", "", "wider", "labels", 0.9, 0), "heldOutLabels"),
                new Refused<>(new IdxSettings("images.gz", "", "wider", "", 0.9, 0), "heldOutImages"),
                new Refused<>(new IdxSettings("wider", "", "", "", 0.01, 0), "train"));
    }

    private Dataset open(IdxSettings settings) {
        return source().open(settings, context());
    }

    @Test
    void bytesAreFromBlackToWhite() {
        Dataset data = open(settings());
        assertEquals(3, data.dimensions().get("class"));
        assertEquals(3, data.dimensions().get("width"));
        Map<String, float[]> heldOut = data.first("validation", 2);
        float[] expected = new float[12];
        for (int i = 0; i < 12; i++) {
            expected[i] = 2 * ((207 * 6 + i) & 0xff) / 255f - 1;
        }
        assertArrayEquals(expected, heldOut.get("sample"), 1e-6f);
        assertArrayEquals(new float[] {0, 1}, heldOut.get("label"));
    }

    /** In the file they are innermost. */
    @Test
    void coloursBecomePlanes() {
        settings();
        float[] sample = open(new IdxSettings("coloured", "", "", "", 0.9, 0))
                .first("validation", 1)
                .get("sample");
        float[] expected = new float[18];
        for (int i = 0; i < 18; i++) {
            expected[i] = 2 * (9 * 18 + i % 6 * 3 + i / 6) / 255f - 1;
        }
        assertArrayEquals(expected, sample, 1e-6f);
    }

    private DynamicTest broken(String name, byte[] bytes, String says) {
        return DynamicTest.dynamicTest(name, () -> {
            Idx.write(folder.resolve("broken"), bytes);
            InputError error = assertThrows(InputError.class, () -> open(images("broken", "")));
            assertTrue(error.getMessage().contains(folder.resolve("broken") + says), error::getMessage);
            assertEquals("images", error.field());
        });
    }

    @TestFactory
    Stream<DynamicTest> brokenFilesAreToldByTheirPlace() {
        byte[] whole = Idx.bytes(5, 4, 3);
        byte[] magic = whole.clone();
        magic[1] = 1;
        byte[] floats = whole.clone();
        floats[2] = 0x0D;
        byte[] none = whole.clone();
        none[3] = 0;
        byte[] empty = whole.clone();
        empty[7] = 0;
        byte[] huge = whole.clone();
        huge[4] = 0x7F;
        byte[] many = whole.clone();
        many[3] = (byte) 200;
        byte[] packed = Idx.packed(whole);
        return Stream.of(
                broken("of nothing", new byte[0], " has at byte 0 its end; expected a head of 4 bytes"),
                broken("no IDX", magic, " has at byte 0 0x0001; expected two zero bytes"),
                broken("floats", floats, " has at byte 2 the type 0x0D, 32-bit floating"),
                broken("no axes", none, " has at byte 3 no axes"),
                broken("no pictures", empty, " has at byte 4 the extent 0"),
                broken("more axes than it has", many, " has at byte 76 its end; expected 200 extents"),
                broken(
                        "too many",
                        huge,
                        " has at byte 4 the extent 2130706437; expected at least 1, and of all of them at most "
                                + "1073741824 values"),
                broken("cut in its head", Arrays.copyOf(whole, 9), " has at byte 9 its end; expected 3 extents"),
                broken("cut", Arrays.copyOf(whole, 75), " has at byte 75 its end; expected 5 x 4 x 3 values"),
                broken("cut and packed", Idx.packed(Arrays.copyOf(whole, 75)), " has at byte 75 its end"),
                broken("packed and cut", Arrays.copyOf(packed, packed.length - 12), " has at byte "),
                broken("too long", Arrays.copyOf(whole, 77), " has at byte 76 more bytes"));
    }

    /** Sixteen bytes that promise 2^30 are refused before there is room for as many. */
    @Test
    void aHeadThatPromisesTooMuchTakesNoMemory() {
        byte[] head = Arrays.copyOf(Idx.bytes(1, 1, 1), 16);
        head[7] = 64;
        head[10] = 16;
        head[11] = 0;
        head[14] = 16;
        head[15] = 0;
        Idx.write(folder.resolve("promising"), head);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long before = threads.getCurrentThreadAllocatedBytes();
        InputError error = assertThrows(InputError.class, () -> open(images("promising", "")));
        assertTrue(
                error.getMessage().contains(" has at byte 16 its end; expected 64 x 4096 x 4096 values"),
                error::getMessage);
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken < 1 << 26, () -> taken + " bytes");
    }

    @Test
    void aLabelThatIsNoneIsToldByItsPlace() {
        IdxSettings settings = settings();
        IdxSettings fewer = new IdxSettings(settings.images(), settings.labels(), "", "", 0.9, 2);
        InputError error = assertThrows(InputError.class, () -> open(fewer));
        assertTrue(
                error.getMessage().contains("labels has at byte 10 the label 2; expected 0 to 1"), error::getMessage);
    }

    /** The files that are handed to developers, where they are. */
    @Test
    void fashionIsRead() {
        Path images = TestData.file("fashion-mnist/test5k-images-idx3-ubyte.gz");
        BenchDataContext context = new BenchDataContext(images.getParent(), 1, Toys::tokenizer);
        Dataset data = source().open(
                        new IdxSettings("test5k-images-idx3-ubyte.gz", "test5k-labels-idx1-ubyte.gz", "", "", 0.5, 0),
                        context);
        assertEquals(10, data.dimensions().get("class"));
        Map<String, float[]> heldOut = data.first("validation", 2500);
        int[] counts = new int[10];
        for (float label : heldOut.get("label")) {
            counts[(int) label]++;
        }
        assertTrue(Arrays.stream(counts).allMatch(count -> count > 200), () -> Arrays.toString(counts));
        double sum = 0;
        for (float number : heldOut.get("sample")) {
            sum += (number + 1) / 2;
        }
        // As published: a mean brightness of 0.286.
        assertEquals(0.286, sum / heldOut.get("sample").length, 0.01);
    }
}
