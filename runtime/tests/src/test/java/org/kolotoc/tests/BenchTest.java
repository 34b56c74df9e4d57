package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmarks' own side compiles against the bundles of today. (No build but {@code bench} fetches the other side.) */
class BenchTest {
    private static final Path SOURCES = Assembled.PROJECT.resolve("bench/src/main/java");

    @TempDir
    private Path classes;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KolotocStep",
                "KolotocPictures",
                "KolotocGeneration",
                "tokenizer/BenchTexts",
                "kernels/KernelCase"
            })
    void compiles(String timed) {
        String path = Stream.of("lib", "repo", "launcher")
                .flatMap(folder -> Assembled.jars(folder).stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        errors,
                        "-proc:none",
                        "-implicit:none",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        path,
                        "-sourcepath",
                        SOURCES.toString(),
                        "-d",
                        classes.toString(),
                        SOURCES.resolve("org/kolotoc/bench/" + timed + ".java").toString());
        assertEquals(0, code, errors.toString());
    }
}
