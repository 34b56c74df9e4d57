package org.kolotoc.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.develop.ExitCode;

/**
 * The end of the process. The launcher's own gives the command's exit code; any other, such as {@code System.exit} in a
 * bundle, is told with who brought it about, and never looks like success or like a verdict.
 */
final class Ending {
    /** System property: a file into which a command writes how to go on, should the process end under its hands. */
    private static final String NOTE = "kolotoc.note";

    /** Longest time that shutdown hooks may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final List<String> EXITS = List.of("java.lang.Shutdown", "java.lang.Runtime", "java.lang.System");

    private final Function<String, Optional<String>> owner;
    private final Runnable cleaner;
    private volatile boolean own;

    /**
     * Watches over the end.
     *
     * @param owner names the bundle that has a class, by the class's name
     * @param cleaner runs at every end; must take no time
     */
    Ending(Function<String, Optional<String>> owner, Runnable cleaner) {
        this.owner = owner;
        this.cleaner = cleaner;
        Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "kolotoc-shutdown"));
    }

    /** The launcher's own end. */
    void exit(int code) {
        own = true;
        cleaner.run();
        System.out.flush();
        Thread.ofPlatform().daemon().name("kolotoc-end").start(() -> endAfterAll(code));
        System.exit(ExitCode.raw(code));
    }

    /** A shutdown hook that a bundle left behind may never come back; the process ends all the same. */
    private static void endAfterAll(int code) {
        try {
            Thread.sleep(PATIENCE);
        } catch (InterruptedException _) {
            // Then it ends at once.
        }
        Runtime.getRuntime().halt(ExitCode.raw(code));
    }

    private void shutDown() {
        if (own) {
            return;
        }
        System.out.flush();
        System.err.println("\nkolotoc: " + who() + " before the command was done");
        note().ifPresent(next -> System.err.println("  do: " + next));
        cleaner.run();
        Runtime.getRuntime().halt(ExitCode.raw(ExitCode.CUT_OFF.code()));
    }

    /** Who called {@code System.exit}: its thread still waits there. */
    private String who() {
        for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
            List<StackTraceElement> frames = Arrays.asList(stack);
            if (frames.stream()
                    .noneMatch(frame -> isExit(frame) && frame.getMethodName().equals("exit"))) {
                continue;
            }
            List<StackTraceElement> callers = frames.stream()
                    .dropWhile(frame -> !isExit(frame))
                    .dropWhile(Ending::isExit)
                    .toList();
            for (StackTraceElement frame : callers) {
                Optional<String> bundle = owner.apply(frame.getClassName());
                if (bundle.isPresent()) {
                    return "the bundle " + bundle.get() + " ended the process (System.exit, called by " + frame + ")";
                }
            }
            return "the process was ended (System.exit, called by "
                    + (callers.isEmpty() ? "nobody known" : callers.getFirst()) + ")";
        }
        return "the process was ended";
    }

    private static boolean isExit(StackTraceElement frame) {
        return EXITS.contains(frame.getClassName());
    }

    private static Optional<String> note() {
        String file = System.getProperty(NOTE, "");
        try {
            return file.isEmpty() || !Files.exists(Path.of(file))
                    ? Optional.empty()
                    : Files.readAllLines(Path.of(file)).stream().findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
