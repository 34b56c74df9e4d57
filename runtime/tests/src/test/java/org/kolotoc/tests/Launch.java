package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process of the assembled runtime, started as the {@code kolotoc} script starts it, or by a script. */
final class Launch {
    private static final int PATIENCE_SECONDS = 240;

    /** Who runs what does not matter: tests note nothing in the home of the user. */
    private static final Path ANYBODY = Path.of("target", "anybody").toAbsolutePath();

    private final Process process;
    private final Path out;
    private final Path err;

    private Launch(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * A process that has ended.
     *
     * @param out standard output
     * @param err standard error, without the JDK's own line about incubator modules
     */
    record Result(int code, String out, String err) {
        /** Ended so, and told the user no stack trace. */
        Result expect(int expected) {
            assertEquals(expected, code, () -> "exit code; it said:\n" + out + "\n" + err);
            assertFalse(err.contains("\tat ") || out.contains("\tat "), () -> "a stack trace:\n" + err + out);
            return this;
        }

        /** Told the user every one of these on standard error. */
        Result says(String... parts) {
            for (String part : parts) {
                assertTrue(err.contains(part), () -> "«" + part + "» expected in:\n" + err);
            }
            return this;
        }
    }

    /** Runs a command to its end. */
    static Result run(Object... arguments) {
        return start(arguments).end();
    }

    /** Starts a command. */
    static Launch start(Object... arguments) {
        return start(Assembled.HOME, arguments);
    }

    /** Runs a command to its end, as a user with this home. */
    static Result as(Path user, Object... arguments) {
        return startAs(user, Assembled.HOME, arguments).end();
    }

    /** Starts a command on another runtime folder. */
    static Launch start(Path home, Object... arguments) {
        return startAs(ANYBODY, home, arguments);
    }

    /** Starts a command in a virtual machine with other options. */
    static Launch startWith(List<String> options, Object... arguments) {
        try {
            return start(Assembled.HOME, ANYBODY, prefix(), options, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a command on another runtime folder, as a user with this home. */
    static Launch startAs(Path user, Path home, Object... arguments) {
        try {
            return start(home, user, prefix(), List.of(), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Launch start(Path home, Path user, List<String> prefix, List<String> options, Object... arguments)
            throws IOException {
        return start(new ProcessBuilder(line(home, user, prefix, options, arguments)));
    }

    private static List<String> line(
            Path home, Path user, List<String> prefix, List<String> options, Object... arguments) {
        List<String> line = new ArrayList<>(prefix);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("@" + home + "/launcher/jvm.options", "-XX:+UseSerialGC"));
        line.addAll(options);
        line.addAll(List.of(
                "-Dkolotoc.home=" + home,
                "-Dkolotoc.trusted=" + user.resolve("trusted"),
                "-Dkolotoc.project=" + Assembled.PROJECT,
                "-cp",
                home + "/launcher/*",
                "org.kolotoc.launcher.Main"));
        for (Object argument : arguments) {
            line.add(argument.toString());
        }
        return line;
    }

    /** Starts a command with more options of the JVM. */
    static Launch startWith(String options, Object... arguments) {
        try {
            return start(Assembled.HOME, ANYBODY, List.of("env", "JDK_JAVA_OPTIONS=" + options), List.of(), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts another command line, which hears Ctrl-C. */
    static Launch startLine(ProcessBuilder builder) {
        try {
            List<String> line = new ArrayList<>(prefix());
            line.addAll(builder.command());
            return start(builder.command(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end that reads these lines. */
    static Result fed(String lines, Object... arguments) {
        try {
            Path in = Files.createTempFile("kolotoc-in", ".txt");
            in.toFile().deleteOnExit();
            Files.writeString(in, lines);
            return start(new ProcessBuilder(line(Assembled.HOME, ANYBODY, prefix(), List.of(), arguments))
                            .redirectInput(in.toFile()))
                    .end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Launch start(ProcessBuilder builder) throws IOException {
        Path out = Files.createTempFile("kolotoc-out", ".txt");
        Path err = Files.createTempFile("kolotoc-err", ".txt");
        out.toFile().deleteOnExit();
        err.toFile().deleteOnExit();
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        return new Launch(process, out, err);
    }

    /**
     * A build in the background, or under nohup, was told to ignore Ctrl-C or SIGHUP, and hands that down to every process.
     * GNU's {@code env} undoes it; where there is none, nothing is put before the command.
     */
    private static List<String> prefix() {
        List<String> wanted = List.of("env", "--default-signal=INT,HUP,TERM");
        try {
            List<String> probe = new ArrayList<>(wanted);
            probe.add("true");
            Process process = new ProcessBuilder(probe)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0 ? wanted : List.of();
        } catch (IOException _) {
            return List.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What it told so far on standard error. */
    String told() {
        return text(err);
    }

    /** Number of the process that was started. */
    long pid() {
        return process.pid();
    }

    /** What it printed so far. */
    String soFar() {
        return text(out);
    }

    /** Waits until something holds; the process must live till then. */
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(
                    process.isAlive() && System.nanoTime() < deadline,
                    () -> "waited in vain for " + what + "; it said:\n" + soFar() + text(err));
            Thread.sleep(10);
        }
    }

    /** What Ctrl-C sends. */
    void interrupt() throws IOException, InterruptedException {
        signal("INT");
    }

    /** Sends a signal to the process that was started, alone. */
    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .start()
                .waitFor();
        assertEquals(0, code, "kill -" + name);
    }

    /** Waits for its end, or so long. */
    void waitAtMost(long milliseconds) throws InterruptedException {
        process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** Ends it as the system does that needs its memory; whether it was there to be ended. */
    boolean killed() throws InterruptedException {
        boolean there = process.isAlive();
        process.destroyForcibly().waitFor();
        return there;
    }

    /** Waits for its end. */
    Result end() {
        return end(PATIENCE_SECONDS);
    }

    /** Waits for its end so many seconds. */
    Result end(long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + seconds + " s; it said:\n" + soFar() + text(err));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException(e);
        }
        String told = text(err).replaceAll("WARNING: Using incubator modules: [^\\n]*\\n", "");
        return new Result(process.exitValue(), text(out), told);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
