package org.kolotoc.author;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The program in another process, on this one's JVM with its options: what a person would type. */
final class Child {
    /** How the script that started this process hears of its end; nobody hears of the child's but this process. */
    private static final List<String> OF_THE_SCRIPT = List.of("-Dkolotoc.end=", "-Dkolotoc.note=");

    private static final long LOOK_MILLISECONDS = 100;

    private final Process process;
    private final PrintStream out;
    private final StringBuffer said = new StringBuffer();
    private final Thread reader;

    private Child(Process process, PrintStream out) {
        this.process = process;
        this.out = out;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /**
     * Starts it.
     *
     * @param out hears what it says, line by line
     */
    static Child start(List<String> arguments, PrintStream out) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> OF_THE_SCRIPT.stream().noneMatch(option::startsWith))
                .forEach(line::add);
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.add(System.getProperty("sun.java.command").split(" ")[0]);
        line.addAll(arguments);
        return new Child(new ProcessBuilder(line).redirectErrorStream(true).start(), out);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines()
                    .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                    .forEach(line -> {
                        said.append(line).append('\n');
                        out.println("  | " + line);
                    });
        } catch (IOException | UncheckedIOException _) {
            // It was ended.
        }
    }

    /**
     * Waits until it says something, or ends.
     *
     * @param stop ends it, and lets it save
     */
    void await(String word, BooleanSupplier stop) throws InterruptedException {
        while (said.indexOf(word) < 0 && process.isAlive() && !stop.getAsBoolean()) {
            Thread.sleep(LOOK_MILLISECONDS);
        }
    }

    /**
     * What it said in all, once it has ended.
     *
     * @param stop ends it, and lets it save
     * @return null where it was stopped
     */
    String end(BooleanSupplier stop) throws InterruptedException {
        while (!process.waitFor(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS)) {
            if (stop.getAsBoolean()) {
                process.destroy();
                process.waitFor();
                return null;
            }
        }
        reader.join();
        return said.toString();
    }

    /** Its exit code. */
    int code() {
        return process.exitValue();
    }
}
