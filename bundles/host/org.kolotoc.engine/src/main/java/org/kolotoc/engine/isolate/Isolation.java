package org.kolotoc.engine.isolate;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.state.Checkpoints;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;

/** The side of the host: a run in a process of its own, which the launcher makes as it made this one. */
public final class Isolation {
    private static final long LOOK_MILLISECONDS = 100;
    private static final int SIGNALS = 128;

    /** What a signal means of a process that was not told to end. */
    private static final Map<Integer, String> DEATHS = Map.of(
            6, "SIGABRT: its JVM gave up",
            9, "SIGKILL: somebody killed it, as the system does where memory runs out",
            11, "SIGSEGV: it crashed");

    private final ProcessBuilder builder;
    private final String mark;
    private final Client client;
    private Path folder;
    private long step;
    private Object end;
    private Path crash;

    private Isolation(ProcessBuilder builder, String mark, Client client) {
        this.builder = builder;
        this.mark = mark;
        this.client = client;
    }

    /**
     * Runs a command line that tells of a run, and waits for its end.
     *
     * @param line as it is typed, without the program's name
     * @param client hears all that is told there; what it stops is stopped there, and saved
     * @throws InputError as in the other process
     * @throws ProcessDeath when that came to its end before the run did
     */
    public static Outcome run(BundleContext context, List<String> line, Client client) throws IOException {
        String mark = "\u001e" + UUID.randomUUID() + " ";
        ProcessBuilder builder = processes(context).apply(line);
        List<String> command = new ArrayList<>(builder.command());
        command.add(1, "-D" + Relay.MARK + "=" + mark);
        builder.command(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        return new Isolation(builder, mark, client).run();
    }

    /** How the launcher starts the program once more. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Function<List<String>, ProcessBuilder> processes(BundleContext context) {
        try {
            return context.getServiceReferences(Function.class, "(kolotoc.processes=host)").stream()
                    .findFirst()
                    .map(found -> (Function<List<String>, ProcessBuilder>) context.getService(found))
                    .orElseThrow(() -> InputError.of(
                            "this host can't start a process of its own for a run", "leave --isolated out"));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome run() throws IOException {
        Process process = builder.start();
        process.getOutputStream().close();
        Thread stopping = Thread.ofVirtual().start(() -> stopWhenAsked(process));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard(line);
            }
        } finally {
            if (end == null) {
                // Whoever hears of it may have failed: nobody is left to read what it tells.
                stopping.interrupt();
            }
        }
        int code = ended(process);
        crash = Path.of(System.getProperty("java.io.tmpdir"), "kolotoc-crash-" + process.pid() + ".log");
        stopping.interrupt();
        return switch (end) {
            case Outcome outcome -> outcome;
            case Failure failure -> throw thrown(failure);
            case null, default -> throw died(code);
        };
    }

    private static int ended(Process process) {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException _) {
                // Its output has ended: it takes no time.
            }
        }
    }

    private void stopWhenAsked(Process process) {
        try {
            while (!client.stop().getAsBoolean()) {
                if (process.waitFor(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            // Not the process's own way, which closes what it says last.
            process.toHandle().destroy();
        } catch (InterruptedException _) {
            // It has ended.
        }
    }

    private void heard(String line) {
        int at = line.indexOf(mark);
        if (at < 0) {
            System.out.println(line);
            return;
        }
        if (at > 0) {
            System.out.println(line.substring(0, at));
        }
        switch (Wire.read(line.substring(at + mark.length()))) {
            case Event event -> {
                if (event instanceof Event.Began began) {
                    folder = began.folder();
                    step = began.step();
                } else if (event instanceof Event.Stepped stepped) {
                    step = stepped.step();
                }
                client.tell(event);
            }
            case Object other -> end = other;
        }
    }

    private static RuntimeException thrown(Failure failure) {
        return failure.code() == ExitCode.DEFECT
                ? new IllegalStateException("in the run's own process: " + failure.what())
                : failure.code() == ExitCode.INTERRUPTED
                        ? new org.kolotoc.api.Stopped()
                        : InputError.of(failure.what(), failure.next());
    }

    private RuntimeException died(int code) {
        String how = Files.exists(crash)
                ? "crashed in native code; its JVM says where in " + crash
                : code > SIGNALS
                        ? "was ended by " + DEATHS.getOrDefault(code - SIGNALS, "the signal " + (code - SIGNALS))
                        : "ended with code " + code
                                + " before the run did: a plugin ended it (System.exit, Runtime.halt)";
        String message = "the run's own process " + how
                + (folder == null ? ", before the first step" : ", after step " + step + " of " + folder);
        if (folder == null) {
            return new ProcessDeath(message, "look at what is said above; the plugins are what this run began with");
        }
        note("the run's own process " + how);
        List<Long> saved = new Checkpoints(folder).steps();
        return new ProcessDeath(
                message,
                saved.isEmpty()
                        ? "the run had no checkpoint yet; mend the plugin or take another one, then begin anew"
                        : "mend the plugin or take another one, then go on after step " + saved.getLast()
                                + ": ./kolotoc run --resume " + Printable.word(folder) + " --isolated");
    }

    /** A plugin that filled a seat since the newest checkpoint is to blame, for all that anybody knows. */
    private void quarantine(RunFolder held, String reason) throws IOException {
        LockedSeats seats = LockedSeats.of(folder);
        long saved = new Checkpoints(folder).steps().stream().reduce(0L, Math::max);
        Optional<JsonObject> lock = held.read(RunFolder.LOCK);
        if (lock.isPresent() && !seats.entries().isEmpty()) {
            LockedSeats.Entry last = seats.entries().getLast();
            if (last.step() > 0 && last.step() >= saved && last.bundle().isKnown()) {
                seats.quarantine(last.bundle(), step, reason).write(lock.get());
                held.write(RunFolder.LOCK, lock.get());
                client.tell(new Event.Quarantined(
                        step, last.seat().toString(), last.bundle().toString(), reason, false));
            }
        }
    }

    private void note(String reason) {
        try (RunFolder held = RunFolder.existing(folder)) {
            new Status(held).write(Status.State.FAILED, step, reason);
            quarantine(held, reason);
        } catch (IOException | InputError _) {
            // Whoever looks next notes that it is over.
        }
    }
}
