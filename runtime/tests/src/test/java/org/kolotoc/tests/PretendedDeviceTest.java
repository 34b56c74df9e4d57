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
        Matcher compiler = COMPILER.matcher(said("ldd", library.toString()));
        assertTrue(compiler.find(), "what compiles CUDA C for " + library);
        library("libcuda.so.1", "cuda.c");
        library("libcublas.so.13", "cublas.c", "libcuda.so.1");
        library(compiler.group(), "nvrtc.c");
    }

    private void library(String name, String source, String... others) throws Exception {
        List<String> line = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-O1", "-Wl,-soname," + name, "-o"));
        line.addAll(
                List.of(folder.resolve(name).toString(), SOURCES.resolve(source).toString()));
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
    private Launch.Result run(Map<String, String> driver) throws IOException {
        Map<String, String> environment = new HashMap<>(driver);
        environment.put("TORNADOVM_HOME", SDK);
        environment.put("LD_LIBRARY_PATH", folder.toString());
        environment.put("KOLOTOC_PRETENDED_COUNTS", counts.toString());
        Object[] arguments =
                Tiny.run(folder.resolve("run"), 20, "--set", MODEL, "--backend", "tornado:cuda", "--threads", 1);
        return Clone.make(folder.resolve("clone"), Path.of(System.getProperty("java.home")))
                .start(folder, environment, arguments)
                .end();
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
}
