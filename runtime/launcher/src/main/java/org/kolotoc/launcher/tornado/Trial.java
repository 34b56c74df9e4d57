package org.kolotoc.launcher.tornado;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tries the drivers from outside: a library that crashes ends a process of its own. */
public final class Trial {
    /** Begins what is said to a user who left the choice to us and gets less than is installed. */
    static final String LEFT_OUT = "warning: TornadoVM is left out, the processor computes: ";

    private static final int SIGNALS = 128;

    private Trial() {}

    /**
     * The options of a JVM for a wanted backend: {@code tornado}, {@code tornado:ptx}, {@code auto}. Says on standard
     * error what a user should know who asked for none in particular.
     */
    public static List<String> options(String wanted) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+SuppressFatalErrorMessage",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Start.class.getName(),
                wanted);
        try {
            Path said = Files.createTempFile("kolotoc-drivers", ".log");
            try {
                Process trial =
                        new ProcessBuilder(command).redirectError(said.toFile()).start();
                Runtime.getRuntime().addShutdownHook(new Thread(trial::destroyForcibly));
                List<String> lines =
                        trial.inputReader(StandardCharsets.UTF_8).lines().toList();
                int code = trial.waitFor();
                List<String> words = Files.readAllLines(said);
                if (code == 0) {
                    words.stream().filter(word -> word.startsWith(LEFT_OUT)).forEach(System.err::println);
                    return flat(lines);
                }
                String reason = crashed(code, words.isEmpty() ? "" : words.getLast());
                if (wanted.equals("auto")) {
                    System.err.println(LEFT_OUT + reason);
                }
                return List.of("-D" + Loaded.ABSENT + ".tornado=" + reason);
            } finally {
                Files.deleteIfExists(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String crashed(int code, String lastWord) {
        return "trying the drivers ended with exit code " + code + (lastWord.isEmpty() ? "" : ": " + lastWord)
                + (code < SIGNALS
                        ? ""
                        : " (a library of the SDK " + System.getenv().getOrDefault("TORNADOVM_HOME", "")
                                + " or a device's driver crashed; install them anew)");
    }

    /** A file of options must not name another, so the SDK's files are taken in. */
    private static List<String> flat(List<String> options) throws IOException {
        List<String> all = new ArrayList<>();
        for (String option : options) {
            if (option.startsWith("@")) {
                Files.readAllLines(Path.of(option.substring(1))).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .forEach(all::add);
            } else {
                all.add(option);
            }
        }
        return all;
    }
}
