package org.kolotoc.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.tensor.DType;

/** What the PTX and CUDA back ends ask of a card, counted on one that is not there. */
class PretendedDeviceTest {
    private static final String WITHOUT_LIBRARY = "-Dkolotoc.absent.tornado:cuda:cublas=not wanted";
    /** TornadoVM puts one before each array. */
    private static final int HEADER = 16;
    /** PTX kernels get one each time, of three addresses. */
    private static final int FRAME = 24;

    private static final int FEED_ARRAYS = 2;
    /** Of a multiprocessor's 65,536: products in tiles take 128 of them, the longest elementwise kernels 142 on PTX. */
    private static final int MOST_REGISTERS = 144;
    /** Bytes that sine and cosine take for large angles. */
    private static final int MOST_FRAME = 32;

    @TempDir
    Path folder;

    private static double number(Properties told, String name) {
        return Double.parseDouble(told.getProperty(name));
    }

    private static void assertNumber(double expected, Properties told, String name) {
        assertEquals(expected, number(told, name), name);
    }

    /** Tokens and rate up, the loss down, every kernel once, recorded where the back end records. */
    @ParameterizedTest
    @ValueSource(strings = {"ptx", "cuda", "cuda without cuBLAS"})
    void aStepDoesWhatItsPlanSaysAndNoMore(String which) throws IOException {
        String backEnd = which.substring(0, which.contains(" ") ? which.indexOf(' ') : which.length());
        boolean cuda = backEnd.equals("cuda");
        boolean library = which.equals("cuda");
        PretendedDevice device = PretendedDevice.build(folder, backEnd);
        Properties told = device.work(
                "steps", "tornado:" + backEnd, Map.of(), cuda && !library ? WITHOUT_LIBRARY : "-Dno.option");
        double kernels = number(told, "plan.kernels");
        double frames = cuda ? 0 : kernels;
        assertEquals("pretended", told.getProperty("device.name"));
        assertTrue(library == number(told, "plan.products") > 0, "cuBLAS is found, and used where it is wanted");
        assertNumber(kernels, told, "step.launches");
        assertNumber(number(told, "plan.products"), told, "step.products");
        assertNumber(cuda ? number(told, "plan.graphs") : 0, told, "step.graph_launches");
        assertNumber(FEED_ARRAYS + frames, told, "step.copies_up");
        assertNumber(number(told, "plan.feeds") + FEED_ARRAYS * HEADER + frames * FRAME, told, "step.bytes_up");
        assertNumber(1, told, "step.copies_down");
        assertNumber(DType.BYTES, told, "step.bytes_down");
        for (String once : List.of("allocations", "images", "graphs", "refusals")) {
            assertNumber(0, told, "step." + once);
        }
        // One of them sees that the device was not lost.
        assertTrue(
                number(told, "step.waits") <= 5, () -> "the host waits " + told.getProperty("step.waits") + " times");
        assertNumber(0, told, "all.refusals");
        double asked = number(told, "all.bytes_asked");
        for (String predicted : List.of("predicted.bytes", "backend.peak")) {
            assertEquals(1, asked / number(told, predicted), 0.1, asked + " bytes were asked for, " + predicted);
        }
        assertTrue(number(told, "step.milliseconds") < 200, () -> "of the host: " + told);
        System.out.printf(
                "pretended device, %s: %.0f launches and %.0f products in %.0f graphs, %.0f copies of %.0f bytes up, "
                        + "%.0f bytes down, %.2f ms of the host a step; %.1f MB asked for, %.1f MB predicted%n",
                which,
                kernels,
                number(told, "step.products"),
                number(told, "step.graph_launches"),
                number(told, "step.copies_up"),
                number(told, "step.bytes_up"),
                number(told, "step.bytes_down"),
                number(told, "step.milliseconds"),
                asked / 1e6,
                number(told, "predicted.bytes") / 1e6);
    }

    /** One array fits, all do not: the program takes 13 MB without cuBLAS. */
    @ParameterizedTest
    @ValueSource(strings = {"ptx", "cuda"})
    void whatHasNoRoomIsRefusedBeforeAnythingIsTaken(String backEnd) throws IOException {
        PretendedDevice device = PretendedDevice.build(folder, backEnd);
        Properties told = device.work(
                "room", "tornado:" + backEnd, Map.of("KOLOTOC_PRETENDED_BYTES", "11000000"), WITHOUT_LIBRARY);
        assertNumber(11_000_000, told, "device.memory");
        assertTrue(number(told, "predicted.bytes") > 11_000_000, told::toString);
        String failure = told.getProperty("failure");
        for (String word : List.of("tornado:" + backEnd + ":0", "11000000", "make the batch or the model smaller")) {
            assertTrue(failure.contains(word), failure);
        }
        for (String nothing : List.of("allocations", "images", "launches", "copies_up")) {
            assertNumber(0, told, nothing);
        }
    }

    /** NVIDIA's own compiler takes each, and each leaves room for others on its multiprocessor. */
    @Test
    void everyKernelOfTheSuiteIsMachineCodeOfModestSize() throws IOException {
        PretendedDevice device = PretendedDevice.build(folder, "cuda");
        assumeTrue(device.compiles(), "not evaluated: NVRTC, which compiles CUDA C, is not here (LD_LIBRARY_PATH)");
        List<Path> images = images(device, "cuda");
        int registers = 0;
        for (Path image : images) {
            Cubin cubin = Cubin.of(Files.readAllBytes(image));
            assertModest(cubin, image);
            registers = Math.max(registers, cubin.registers());
        }
        System.out.println("NVRTC: " + images.size() + " kernels, at most " + registers + " registers");
    }

    @Test
    void everyKernelOfTheSuiteIsPtxOfModestSize() throws IOException {
        PretendedDevice device = PretendedDevice.build(folder, "ptx");
        List<Path> images = images(device, "ptx");
        assumeTrue(Ptxas.isThere(), "not evaluated: ptxas, NVIDIA's assembler, is not on the path");
        int registers = images.parallelStream()
                .mapToInt(image -> {
                    Ptxas said = Ptxas.of(image);
                    assertEquals(new Cubin(said.registers(), said.frame()), said.cubin(), image::toString);
                    assertEquals(0, said.spilled(), image::toString);
                    assertModest(said.cubin(), image);
                    return said.registers();
                })
                .max()
                .orElseThrow();
        System.out.println("ptxas: " + images.size() + " kernels, at most " + registers + " registers");
    }

    private List<Path> images(PretendedDevice device, String backEnd) throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        Properties told = device.work(
                "kernels",
                "tornado:" + backEnd,
                Map.of("KOLOTOC_PRETENDED_IMAGES", images.toString()),
                WITHOUT_LIBRARY);
        assertEquals("", told.getProperty("faults"));
        assertTrue(number(told, "kernels") > 1000, "kernels of the suite");
        assertNumber(number(told, "kernels"), told, "images");
        try (Stream<Path> all = Files.list(images)) {
            return all.toList();
        }
    }

    private static void assertModest(Cubin cubin, Path image) {
        if (cubin.registers() > MOST_REGISTERS || cubin.frame() > MOST_FRAME) {
            throw new AssertionError(cubin + ", at most " + MOST_REGISTERS + " registers and a frame of " + MOST_FRAME
                    + " bytes are wanted:\n" + Ptxas.head(image));
        }
    }
}
