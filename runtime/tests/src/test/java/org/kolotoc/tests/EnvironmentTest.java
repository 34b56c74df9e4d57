package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The whole program where not everything is as its authors have it: paths, languages, variables. */
@DisabledOnOs(OS.WINDOWS)
final class EnvironmentTest {
    @TempDir
    Path folder;

    /**
     * Three processes work on one run, each in another language and encoding; folders have spaces, colons and letters
     * outside ASCII, and the paths that are given are relative.
     */
    @Test
    void aRunIsTheSameInEveryLanguageAndPlace() throws IOException {
        assumeTrue(
                "UTF-8".equals(System.getProperty("sun.jnu.encoding")),
                "not evaluated: this JVM can't name such files; do: ./kolotoc test");
        Clone clone = Clone.make(folder.resolve("klon: \u00e4 1"), Path.of(System.getProperty("java.home")));
        Path here = Files.createDirectories(folder.resolve("\u017elu\u0165: k\u016f\u0148"));
        Path temporary = Files.createDirectories(folder.resolve("t\u00e9mp 1"));
        Files.copy(Assembled.PROJECT.resolve("examples/experiments/first.json"), here.resolve("prvn\u00ed pokus.json"));
        Object[] train = Tiny.run(Path.of("b\u011bhy/\u0661:\u00e4"), 12);
        train[1] = "prvn\u00ed pokus.json";
        start(clone, here, temporary, "C", "fa", "IR", train).expect(0);
        Path run = here.resolve("b\u011bhy/\u0661:\u00e4");
        assertTrue(Files.isRegularFile(Tiny.state(run, 12)), "digits of file names");
        assertEquals(
                "finished",
                Files.readString(run.resolve("run.json")).replaceAll("(?s).*\"status\": \"(\\w+)\".*", "$1"));
        start(
                        clone,
                        here,
                        temporary,
                        "POSIX",
                        "ar",
                        "EG",
                        "run",
                        "--resume=b\u011bhy/\u0661:\u00e4",
                        "--set=phases.0.steps=24")
                .expect(0);
        assertTrue(Files.isRegularFile(Tiny.state(run, 24)));
        String text = start(
                        clone,
                        here,
                        temporary,
                        "de_DE.ISO-8859-1",
                        "tr",
                        "TR",
                        "sample",
                        "b\u011bhy/\u0661:\u00e4",
                        "--length=20")
                .expect(0)
                .out();
        assertFalse(text.isBlank(), "the model wrote nothing");
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(
                    0,
                    left.filter(file -> !file.getFileName().toString().startsWith("hsperf"))
                            .count(),
                    "temporary files");
        }
    }

    private static Launch.Result start(
            Clone clone, Path here, Path temporary, String locale, String language, String country, Object... line) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "LC_ALL",
                locale,
                "HOME",
                "",
                "TMPDIR",
                temporary.toString(),
                "JAVA_TOOL_OPTIONS",
                "-XX:+UseParallelGC -Duser.language=" + language + " -Duser.country=" + country));
        return clone.start(here, environment, line).end();
    }
}
