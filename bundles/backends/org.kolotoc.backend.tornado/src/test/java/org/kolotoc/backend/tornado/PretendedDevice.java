package org.kolotoc.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.launcher.tornado.Start;

/**
 * A card that is not there: NVIDIA's driver as {@code src/test/c}, built by the machine's C compiler, for processes
 * that find it in the place of the real one, with its faults to order. The compiler of CUDA C is NVIDIA's where the SDK finds it.
 *
 * @param folder of the libraries
 * @param compiles whether CUDA C is really compiled
 */
record PretendedDevice(Path folder, boolean compiles) {
    private static final Path SOURCES = Path.of("src/test/c").toAbsolutePath();
    private static final Pattern MISSING = Pattern.compile("(\\S+) => not found");
    private static final String SDK = System.getenv().getOrDefault("TORNADOVM_HOME", "");
    private static final int MINUTES = 20;

    /** What a process said and how it ended. */
    private record Ended(int code, String out) {}

    /**
     * Builds it for a back end of the SDK, or says that this is not evaluated.
     *
     * @param backEnd {@code ptx} or {@code cuda}
     */
    static PretendedDevice build(Path folder, String backEnd) throws IOException {
        Path library = Path.of(SDK, "lib", System.mapLibraryName("tornado-" + backEnd));
        assumeTrue(!SDK.isEmpty(), "not evaluated: no TornadoVM SDK");
        assumeTrue(Files.exists(library), "not evaluated: the SDK was built without " + library.getFileName());
        assumeTrue(hasCompiler(), "not evaluated: no C compiler, cc, which builds the pretended driver");
        PretendedDevice device = new PretendedDevice(folder, false);
        device.library("libcuda.so.1", List.of("cuda.c", "work.c"));
        device.library("libcublas.so.13", List.of("cublas.c"), "libcuda.so.1");
        List<String> missing = device.missing(library);
        for (String name : missing) {
            device.library(name, List.of(name.startsWith("libnvrtc") ? "nvrtc.c" : "nvml.c"));
        }
        return new PretendedDevice(
                folder, missing.stream().noneMatch(name -> name.startsWith("libnvrtc")) && backEnd.equals("cuda"));
    }

    private static boolean hasCompiler() {
        try {
            return run(List.of("cc", "--version"), Map.of()).code() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private void library(String name, List<String> sources, String... others) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                "cc",
                "-shared",
                "-fPIC",
                "-O1",
                "-Wl,-soname," + name,
                "-o",
                folder.resolve(name).toString()));
        sources.forEach(source -> line.add(SOURCES.resolve(source).toString()));
        Stream.of(others).map(folder::resolve).map(Path::toString).forEach(line::add);
        Ended ended = run(line, Map.of());
        assertEquals(0, ended.code(), ended::out);
    }

    /** Libraries that one needs and that are not on this machine. */
    private List<String> missing(Path library) throws IOException {
        Matcher matcher = MISSING.matcher(
                run(List.of("ldd", library.toString()), environment(Map.of())).out());
        return matcher.results().map(result -> result.group(1)).distinct().toList();
    }

    /** The pretended libraries first, then where CUDA's installer puts NVIDIA's. */
    private Map<String, String> environment(Map<String, String> more) {
        String path = Stream.of(
                        folder.toString(),
                        System.getenv().getOrDefault("LD_LIBRARY_PATH", ""),
                        System.getenv().getOrDefault("CUDA_PATH", "/usr/local/cuda") + "/lib64")
                .filter(entry -> !entry.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        return Stream.concat(Map.of("LD_LIBRARY_PATH", path).entrySet().stream(), more.entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Has {@link PretendedWork} do something in a process of its own, started as the launcher starts one.
     *
     * @param work {@code steps}, {@code kernels}, {@code room}, {@code faults}, {@code rounded}
     * @param backend {@code tornado:ptx} or {@code tornado:cuda}
     * @param environment of the driver
     * @param options of the JVM
     */
    Properties work(String work, String backend, Map<String, String> environment, String... options)
            throws IOException {
        Map<String, String> all = environment(environment);
        Ended start = run(java(List.of("--enable-native-access=ALL-UNNAMED"), Start.class.getName(), backend), all);
        assertEquals(0, start.code(), start::out);
        List<String> jvm =
                new ArrayList<>(List.of("--add-modules=jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow"));
        start.out().lines().forEach(jvm::add);
        jvm.addAll(List.of(options));
        Path numbers = folder.resolve("numbers");
        Ended ended = run(java(jvm, PretendedWork.class.getName(), work, backend, numbers.toString()), all);
        assertEquals(0, ended.code(), ended::out);
        Properties told = new Properties();
        try (Reader in = Files.newBufferedReader(numbers)) {
            told.load(in);
        }
        return told;
    }

    private static List<String> java(List<String> options, String... call) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options);
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.addAll(List.of(call));
        return line;
    }

    private static Ended run(List<String> line, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(true, process.waitFor(MINUTES, TimeUnit.MINUTES), out);
            return new Ended(process.exitValue(), out);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
