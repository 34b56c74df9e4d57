package org.kolotoc.author;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.channel.Swapped;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Run;

/** Runs of an experiment with a plugin that somebody writes, one after the other: each build is swapped into the one that goes on. */
final class Runs {
    private static final long LOOK_MILLISECONDS = 50;
    private static final long PROGRESS_NANOSECONDS = 2_000_000_000;

    private final Engine engine;
    private final Path experiment;
    private final Options options;
    private final BooleanSupplier stop;
    private final PrintStream out;
    private Run run;
    private long told;

    /** @param options of the first run, and of all after it */
    Runs(Engine engine, Path experiment, Options options, BooleanSupplier stop, PrintStream out) {
        this.engine = engine;
        this.experiment = experiment;
        this.options = options;
        this.stop = stop;
        this.out = out;
    }

    /**
     * Swaps a build into the run that goes on, or begins one with it.
     *
     * @param seats that it fills
     * @return whether no run computes with an earlier one any more
     */
    boolean take(List<Seats.Installed> seats, Path jar) throws InterruptedException {
        while (run != null && run.state() == Run.State.PREPARING && !stop.getAsBoolean()) {
            Thread.sleep(LOOK_MILLISECONDS);
        }
        if (run != null && !run.state().isOver()) {
            boolean all = true;
            for (Seats.Installed seat : seats) {
                all &= swap(seat.kind() + ":" + seat.id(), jar);
            }
            return all;
        }
        try {
            Client client = new Client(stop, this::tell);
            run = engine.start(engine.read(experiment, options, client), options, client);
        } catch (RuntimeException e) {
            out.println(Failure.of(e).text());
        }
        return true;
    }

    private boolean swap(String seat, Path jar) throws InterruptedException {
        try {
            CompletableFuture<Swapped> swap = run.swap(seat, jar, 0, false);
            while (!stop.getAsBoolean()) {
                try {
                    Swapped done = swap.get(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS);
                    out.println(String.format(
                            Locale.ROOT,
                            "swapped: %s, after step %d, which waited %.1f ms",
                            seat,
                            done.step(),
                            done.milliseconds()));
                    return true;
                } catch (TimeoutException _) {
                    // The run is within a step, or evaluates.
                }
            }
            return false;
        } catch (ExecutionException e) {
            out.println(Failure.of(e.getCause()).text());
            return false;
        } catch (RuntimeException e) {
            out.println(Failure.of(e).text());
            return false;
        }
    }

    private void tell(Event event) {
        if (event instanceof Event.Stepped stepped) {
            if (System.nanoTime() - told > PROGRESS_NANOSECONDS) {
                told = System.nanoTime();
                out.println("step " + stepped.step() + "  " + stepped.headline());
            }
        } else if (!event.text().isEmpty() && !(event instanceof Event.Swapped)) {
            out.println(event.text());
        }
    }

    /** Waits for the end of the last one, which was asked to stop. */
    void end() throws InterruptedException {
        if (run != null) {
            try {
                run.result();
            } catch (IOException | RuntimeException e) {
                out.println(Failure.of(e).text());
            }
        }
    }
}
