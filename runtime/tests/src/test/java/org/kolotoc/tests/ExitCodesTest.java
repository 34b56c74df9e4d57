package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.kolotoc.develop.ExitCode;

/** One table of exit codes: the launcher's, the engine's, the README's and that of {@code --help} are the same. */
final class ExitCodesTest {
    private static Map<String, Integer> ofTheLauncher() {
        Map<String, Integer> codes = new TreeMap<>();
        for (ExitCode code : ExitCode.values()) {
            codes.put(code.name(), code.code());
        }
        return codes;
    }

    @Test
    void theEngineGivesThoseOfTheLauncher() throws Exception {
        Map<String, Integer> ofTheEngine = new TreeMap<>();
        URL jar = Assembled.jar("org.kolotoc.engine").toUri().toURL();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar}, null)) {
            Class<?> type = loader.loadClass("org.kolotoc.engine.ExitCode");
            for (Object code : type.getEnumConstants()) {
                ofTheEngine.put(
                        code.toString(), (Integer) type.getMethod("code").invoke(code));
            }
        }
        assertTrue(ofTheEngine.size() >= 6, ofTheEngine::toString);
        ofTheEngine.forEach((name, code) -> assertEquals(ofTheLauncher().get(name), code, name));
    }

    @Test
    void theReadmeHasTheTable() throws IOException {
        String readme = Files.readString(Assembled.PROJECT.resolve("README.md"));
        for (ExitCode code : ExitCode.values()) {
            assertTrue(
                    code.code() < 128
                            ? readme.contains("| " + code.code() + " | " + code.meaning() + " |")
                            : readme.contains(Integer.toString(code.code())),
                    code + " is not in README.md as «" + code.meaning() + "»");
        }
    }

    @Test
    void helpHasTheTable() {
        String help = Launch.run("--help").expect(0).out();
        assertTrue(help.endsWith("\nexit code:\n" + ExitCode.table()), help);
    }
}
