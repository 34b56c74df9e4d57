package org.kolotoc.develop;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The processes that were started from here. None outlives this one: a signal (SIGINT, SIGTERM, SIGHUP) or the end of the
 * script ends them all, with whatever they started, before this process ends.
 */
final class Children {
    private static final int PATIENCE_SECONDS = 5;

    private final List<Process> all = new CopyOnWriteArrayList<>();
    private volatile boolean ending;

    /** Starts to listen for this process's end, and for that of the one that started it. */
    static Children ofThisProcess() {
        Children children = new Children();
        Runtime.getRuntime().addShutdownHook(new Thread(children::end, "kolotoc-children"));
        ProcessHandle.current()
                .parent()
                .ifPresent(script -> script.onExit().thenRun(() -> System.exit(ExitCode.HUNG_UP.code())));
        return children;
    }

    /** Takes charge of a process that was just started. */
    Process add(Process process) {
        all.add(process);
        if (ending) {
            end();
        }
        return process;
    }

    /** Whether this process is about to end: what fails in a child then is no news. */
    boolean ending() {
        return ending;
    }

    /** Ends them all: asks first, and does not wait long. */
    void end() {
        ending = true;
        List<ProcessHandle> alive = all.stream()
                .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
                .filter(ProcessHandle::isAlive)
                .toList();
        alive.forEach(ProcessHandle::destroy);
        try {
            CompletableFuture.allOf(alive.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException _) {
            // They get no more time.
        }
        alive.forEach(ProcessHandle::destroyForcibly);
    }
}
