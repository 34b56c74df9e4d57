package org.kolotoc.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link Worker} seen from the process that asks. */
final class WorkerProcess implements AutoCloseable {
    private static final int SECONDS_TO_END = 10;

    private final Side side;
    private final Path errors;
    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;
    private final String name;

    /** The process could not do what was asked for: there is no such device. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * At the end.
     *
     * @param answer what the last step computed, see {@link StepWorker#step}
     * @param flops operations of that step, 0 where nobody counts them
     * @param peakBytes most memory the process ever held; 0 where the system does not tell
     */
    record Report(double answer, double flops, long peakBytes) {}

    /**
     * Starts a process on the class path of this one and waits until it is ready.
     *
     * @param backend id of what ours computes on
     */
    WorkerProcess(Side side, Map<String, String> environment, Task task, int threads, String backend)
            throws IOException {
        this.side = side;
        errors = Files.createTempFile("kolotoc-bench-", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Both sides have the same collector: ours, or the one that the user's own options name.
        Side.OURS.options().stream()
                .filter(option -> option.matches("-XX:\\+Use\\w+GC"))
                .forEach(command::add);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(side.process(task).options());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName()));
        command.addAll(List.of(side.name(), task.name(), Integer.toString(threads), backend));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        from = process.inputReader(StandardCharsets.UTF_8);
        name = answer();
    }

    /** What computes there, with its version. */
    String name() {
        return name;
    }

    /** Process id, as the system knows it. */
    long pid() {
        return process.pid();
    }

    /** Takes so many steps; milliseconds of each. */
    double[] step(int count) throws IOException {
        to.println("step " + count);
        return Stream.of(answer().strip().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    Report report() throws IOException {
        to.println("report");
        String[] words = answer().split(" ");
        return new Report(Double.parseDouble(words[0]), Double.parseDouble(words[1]), Long.parseLong(words[2]));
    }

    private String answer() throws IOException {
        String line = from.readLine();
        if (line == null) {
            List<String> said = Files.readAllLines(errors);
            String end = String.join("\n  ", said.subList(Math.max(0, said.size() - 12), said.size()));
            close();
            if (!process.isAlive() && process.exitValue() == Worker.BAD_INPUT && !said.isEmpty()) {
                throw new Refused(said.getLast());
            }
            throw new IOException("the process of " + side + " ended; its last words:\n  " + end);
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        to.close();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(errors);
    }
}
