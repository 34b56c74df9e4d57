package org.kolotoc.launcher.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JDK's keytool, several times in one process: each of its own takes a second. */
public final class Keytool {
    private static final String NEXT = "--next";

    private final List<String> lines = new ArrayList<>();
    private final Path store;
    private final String password;

    Keytool(Path store, String password) {
        this.store = store;
        this.password = password;
    }

    /** A pair of keys with a certificate for {@code CN=<alias>}. */
    Keytool key(String alias, String... more) {
        lines.addAll(List.of("-genkeypair", "-keystore", store.toString(), "-storepass", password));
        lines.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-alias", alias, "-dname", "CN=" + alias));
        lines.addAll(List.of(more));
        lines.add(NEXT);
        return this;
    }

    void run() throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--add-exports",
                "java.base/sun.security.tools.keytool=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Keytool.class.getName()));
        line.addAll(lines);
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    /** Runs keytool with the words up to each {@code --next}. */
    public static void main(String[] words) throws ReflectiveOperationException {
        List<String> line = new ArrayList<>();
        for (String word : words) {
            if (!word.equals(NEXT)) {
                line.add(word);
                continue;
            }
            Class.forName("sun.security.tools.keytool.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) line.toArray(String[]::new));
            line.clear();
        }
    }
}
