package org.kolotoc.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Scanner;

/**
 * One side's process: takes steps when told on standard input, and answers in one line.
 *
 * <pre>
 * (start)    its name
 * step n     n times in milliseconds
 * report     the last step's answer, its operations (0 where nobody counts them), and the most memory the process ever held, in bytes (0 where the system does not tell)
 * </pre>
 */
final class Worker {
    private static final Path STATUS = Path.of("/proc/self/status");

    /** Exit code where an argument is wrong: a device that is not there. */
    static final int BAD_INPUT = 2;

    private Worker() {}

    /** What goes wrong is said in a line: the process that asks shows it to a person. Arguments: side, task, threads, our backend. */
    public static void main(String[] args) throws IOException {
        Locale.setDefault(Locale.ROOT);
        try {
            work(args);
        } catch (RuntimeException e) {
            if (Boolean.getBoolean("kolotoc.debug")) {
                e.printStackTrace();
            }
            System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            System.exit(e instanceof IllegalArgumentException ? BAD_INPUT : 1);
        }
    }

    private static void work(String[] args) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err); // what a library prints must not look like an answer
        int threads = Integer.parseInt(args[2]);
        try (StepWorker worker = Side.valueOf(args[0]).create(Task.of(args[1]), threads, args[3]);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            out.println(worker.name());
            long index = 0;
            float answer = Float.NaN;
            double flops = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Scanner words = new Scanner(line);
                switch (words.next()) {
                    case "step" -> {
                        StringBuilder times = new StringBuilder();
                        for (int left = words.nextInt(); left > 0; left--) {
                            long began = System.nanoTime();
                            double before = worker.flops();
                            answer = worker.step(index++);
                            times.append((System.nanoTime() - began) / 1e6).append(' ');
                            flops = worker.flops() - before;
                        }
                        out.println(times);
                    }
                    case "report" -> out.println(answer + " " + flops + " " + peakBytes());
                    default -> throw new IllegalArgumentException("'" + line + "': expected step <n> or report");
                }
            }
        }
    }

    private static long peakBytes() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
