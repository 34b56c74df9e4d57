package org.kolotoc.backend.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.backend.cpu.threads.Workers;

/** The library in a process of its own, with caches as users have them. */
final class OneDnnTest {
    private static final String LIBRARY = "libdnnl.so.3";

    @TempDir
    private Path temp;

    /** What a process wrote to its two streams. */
    private record Said(List<String> out, String err) {}

    /** Says what products run on, and computes one. */
    static final class Product {
        private Product() {}

        public static void main(String[] arguments) {
            System.out.println(Gemm.libraries());
            System.out.println(product());
        }
    }

    /** An element of a product whose terms are all the same. */
    private static float product() {
        int size = 64;
        try (var workers = new Workers(1);
                var arena = Arena.ofConfined()) {
            var operand = arena.allocate(4L * size * size, 64);
            for (int i = 0; i < size * size; i++) {
                operand.setAtIndex(JAVA_FLOAT, i, 0.5f);
            }
            var result = arena.allocate(4L * size * size, 64);
            Gemm.create(MatmulShape.of(size, size, size), arena)
                    .call(arena)
                    .run(operand.address(), operand.address(), result.address(), workers);
            return result.getAtIndex(JAVA_FLOAT, 77);
        }
    }

    private Path tmp() throws IOException {
        return Files.createDirectories(temp.resolve("tmp"));
    }

    @BeforeEach
    void onlyWhereItIs() {
        assumeTrue(OneDnn.available(), () -> "oneDNN: " + OneDnn.absence());
    }

    private Said run(Path home, Path cache) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.home=" + home,
                "-Duser.language=tr",
                "-Djava.io.tmpdir=" + tmp()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Product.class.getName()));
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        int exit = builder.start().waitFor();
        String told = Files.readString(err);
        assertEquals(0, exit, told);
        return new Said(Files.readAllLines(out), told);
    }

    private static Path unpacked(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(LIBRARY)).findFirst().orElseThrow();
        }
    }

    /** A user without a home has it where temporary files are. */
    @Test
    void aDamagedLibraryIsMendedAndNothingIsSaid() throws Exception {
        Said first = run(Path.of("?"), Path.of("relative"));
        assertTrue(
                first.out()
                        .getFirst()
                        .matches("\\{oneDNN=\\d+\\.\\d+\\.\\d+, instructions 0x[0-9a-f]+, SHA-256 [0-9a-f]{64}}"),
                first.out().getFirst());
        Path library = unpacked(temp.resolve("tmp"));
        Path whole = Files.copy(library, temp.resolve("whole"));
        try (var file = new RandomAccessFile(library.toFile(), "rw")) {
            long middle = file.length() / 2;
            file.seek(middle);
            int before = file.read();
            file.seek(middle);
            file.write(before ^ 1);
        }
        assertEquals(
                first, run(Path.of("?"), Path.of("relative")), "the library, the product and what is said of them");
        assertEquals(-1, Files.mismatch(whole, unpacked(temp.resolve("tmp"))), "it is mended");
        assertFalse(first.err().contains("oneDNN"), first.err());
    }

    @Test
    void withoutACacheOurOwnKernelsMultiplyAndItIsSaidOnce() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        Files.createFile(tmp().resolve("kolotoc-" + System.getProperty("user.name")));
        Said said = run(file, file);
        assertEquals(List.of("{oneDNN=none}", Float.toString(product())), said.out());
        assertEquals(2, said.err().split("oneDNN is there but cannot be used", -1).length, said.err());
        assertTrue(said.err().contains(file.toString()), said.err());
        assertTrue(said.err().contains("Matrix products run on the Java Vector API instead"), said.err());
        assertTrue(said.err().contains("do: export XDG_CACHE_HOME="), said.err());
    }
}
