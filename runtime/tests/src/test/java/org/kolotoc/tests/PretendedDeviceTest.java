package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole product with CUDA, without a card: NVIDIA's libraries are those of {@code backend.tornado}'s tests, whose kernels do
 * nothing.
 */
class PretendedDeviceTest {
    private static final Path SOURCES =
            Assembled.PROJECT.resolve("bundles/backends/org.kolotoc.backend.tornado/src/test/c");
    private static final String SDK = System.getenv().getOrDefault("TORNADOVM_HOME", "");
    private static final String MODEL = "model={\"id\":\"gpt\",\"layers\":4,\"heads\":4,\"width\":128,\"context\":64}";
    private static final Pattern COMPILER = Pattern.compile("libnvrtc\\.so\\.\\d+");
    private static final Pattern PREDICTED = Pattern.compile("memory predicted: (\\d+) MB");

    @TempDir
    Path folder;

    private Path counts;
    private Clone clone;

    @BeforeEach
    void build() throws Exception {
        Path library = Path.of(SDK, "lib", System.mapLibraryName("tornado-cuda"));
        assumeTrue(!SDK.isEmpty() && Files.exists(library), "not evaluated: no TornadoVM SDK with CUDA");
        try {
            said("cc", "--version");
        } catch (IOException _) {
            assumeTrue(false, "not evaluated: no C compiler, cc, which builds the pretended driver");
        }
        counts = folder.resolve("counts");
        clone = Clone.make(folder.resolve("clone"), Path.of(System.getProperty("java.home")));
        Matcher compiler = COMPILER.matcher(said("ldd", library.toString()));
        assertTrue(compiler.find(), "what compiles CUDA C for " + library);
        library("libcuda.so.1", List.of("cuda.c", "work.c"));
        library("libcublas.so.13", List.of("cublas.c"), "libcuda.so.1");
        library(compiler.group(), List.of("nvrtc.c"));
    }

    private void library(String name, List<String> sources, String... others) throws Exception {
        List<String> line = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-O1", "-Wl,-soname," + name, "-o"));
        line.add(folder.resolve(name).toString());
        sources.forEach(source -> line.add(SOURCES.resolve(source).toString()));
        for (String other : others) {
            line.add(folder.resolve(other).toString());
        }
        said(line.toArray(String[]::new));
    }

    private static String said(String... line) throws Exception {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    /** Starts the script as a user with an SDK and a card does. */
    private Launch.Result start(Map<String, String> driver, Object... arguments) throws IOException {
        Map<String, String> environment = new HashMap<>(driver);
        environment.put("TORNADOVM_HOME", SDK);
        environment.put("LD_LIBRARY_PATH", folder.toString());
        environment.put("KOLOTOC_PRETENDED_COUNTS", counts.toString());
        return clone.start(folder, environment, arguments).end();
    }

    private Launch.Result run(Map<String, String> driver) throws IOException {
        return start(
                driver,
                Tiny.run(folder.resolve("run"), 20, "--set", MODEL, "--backend", "tornado:cuda", "--threads", 1));
    }

    /** Up to the first loss, which is of no tokens where nobody counts them. */
    @Test
    void aRunReachesTheCardAndStaysWithinWhatWasPredicted() throws IOException {
        Launch.Result result = run(Map.of()).expect(4).says("loss/validation is NaN");
        assertTrue(result.out().contains("tornado:cuda:0, pretended"), result.out());
        Properties count = new Properties();
        try (Reader in = Files.newBufferedReader(counts)) {
            count.load(in);
        }
        for (String done : List.of("launches", "products", "graph_launches", "copies_up", "copies_down", "images")) {
            assertTrue(number(count, done) > 0, done + ": " + count);
        }
        assertEquals(0, number(count, "refusals"));
        Matcher predicted = PREDICTED.matcher(result.out());
        assertTrue(predicted.find(), result.out());
        long most = Long.parseLong(predicted.group(1)) * 1_000_000;
        assertTrue(number(count, "bytes_peak") <= most, count::toString);
    }

    private static long number(Properties count, String name) {
        return Long.parseLong(count.getProperty(name));
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeTheCardGivesAnything() throws IOException {
        run(Map.of("KOLOTOC_PRETENDED_BYTES", "60000000"))
                .expect(2)
                .says("there is 60 MB (memory of the machine, container or device)", "phases.pretrain.batch");
        assertFalse(Files.exists(counts), "a driver that gave memory writes down how much");
    }

    /**
     * Begins a run on the processor, ten steps, and goes on with it on the card, up to an evaluation after step 15: its loss is
     * of no tokens there, so that a run without a fault ends so.
     */
    private Launch.Result goOn(Map<String, String> driver) throws IOException {
        start(Map.of(), Tiny.run(folder.resolve("run"), 10, "--set", MODEL, "--backend", "cpu", "--threads", 1))
                .expect(0);
        return resume(driver, "tornado:cuda", "--set", "phases.0.steps=20", "--set", "evaluateAt=[15]", "--threads", 1);
    }

    private Launch.Result resume(Map<String, String> driver, String backend, Object... more) throws IOException {
        List<Object> line = new ArrayList<>(List.of("run", "--resume", folder.resolve("run"), "--backend", backend));
        line.addAll(List.of(more));
        return start(driver, line.toArray());
    }

    private String command(String backend) {
        return "./kolotoc run --resume " + folder.resolve("run") + " --backend " + backend;
    }

    /** A step has some 80 kernels, each of which ran once before. */
    @Test
    void aCardThatIsLostCostsTheStepsSinceTheLastCheckpoint() throws IOException {
        goOn(Map.of("KOLOTOC_PRETENDED_FAULTS", "kernel=700@400"))
                .expect(2)
                .says(
                        "tornado:cuda:0 was lost: CUDA_ERROR_ILLEGAL_ADDRESS",
                        "its newest checkpoint is of step 10",
                        "go on after step 10 on the processor: " + command("cpu"),
                        command("tornado:cuda:0"));
        resume(Map.of(), "cpu", "--set", "phases.0.steps=20").expect(0);
    }

    /** The program that evaluates is the second one; the control tells how often memory is taken. */
    @Test
    void memoryThatIsRefusedInTheMiddleOfARunIsToldAndTheRunGoesOn() throws IOException {
        goOn(Map.of()).expect(4).says("loss/validation is NaN after step 15");
        Properties count = new Properties();
        try (Reader in = Files.newBufferedReader(counts)) {
            count.load(in);
        }
        String before = Long.toString(number(count, "allocations") - 3);
        resume(Map.of("KOLOTOC_PRETENDED_FAULTS", "cuMemAlloc=2@" + before), "tornado:cuda")
                .expect(2)
                .says(
                        "the program 'evaluate' fails: tornado:cuda:0 has no memory left for the ",
                        "CUDA_ERROR_OUT_OF_MEMORY",
                        "the run had taken 15 steps, its newest checkpoint is of step 10",
                        command("cpu"));
        resume(Map.of(), "cpu").expect(0);
    }

    @Test
    void aDriverThatIsOlderThanTheSdkIsRefusedWithBothVersions() throws IOException {
        run(Map.of("KOLOTOC_PRETENDED_VERSION", "12020"))
                .expect(2)
                .says(
                        "NVIDIA's driver speaks CUDA 12.2, and libtornado-cuda.so compiles with CUDA 13",
                        "--backend cpu");
        assertFalse(Files.exists(folder.resolve("run")), "a run folder was made");
    }
}
