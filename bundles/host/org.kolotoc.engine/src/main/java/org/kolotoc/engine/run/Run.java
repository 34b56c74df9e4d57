package org.kolotoc.engine.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.channel.Channel;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.channel.Swapped;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.guard.Calls;
import org.kolotoc.engine.guard.Patience;
import org.kolotoc.engine.guard.RunThread;
import org.kolotoc.engine.guard.Watchdog;
import org.kolotoc.engine.isolate.Isolation;
import org.kolotoc.engine.isolate.Outcome;
import org.kolotoc.engine.lease.Brought;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.tensor.Backend;

/**
 * A run of an experiment, on a thread of its own. Whoever began it hears of it through a {@link Client}, from one thread at a
 * time; several may go on in one host, and each gives the bytes that it would give alone.
 */
public final class Run {
    private static final long LOOK_MILLISECONDS = 200;

    private final Workshop workshop;
    private final Control control;
    private final Client client;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile State state = State.PREPARING;
    private volatile Path folder;
    private volatile long step;
    private volatile Swapper swapper;
    private volatile Consumer<Event> overheard = _ -> {};
    private volatile Watcher speaking = () -> {};
    private volatile Calls calls;
    private boolean isolated;
    private volatile Optional<Held> held = Optional.empty();
    private Result result;
    private Throwable failure;

    /** How far a run is. */
    public enum State {
        /** Seats are filled, data is opened, programs are compiled. */
        PREPARING,
        RUNNING,
        PAUSED,
        /** Saved; can be gone on with. */
        STOPPED,
        FINISHED,
        /** A loss or a norm was not finite. */
        DIVERGED,
        FAILED;

        /** Whether nothing more will come of it. */
        public boolean isOver() {
            return ordinal() >= STOPPED.ordinal();
        }
    }

    /**
     * What became of a run.
     *
     * @param step last one
     * @param verdict in a word; empty where the run was not judged
     * @param refused whether it was judged and did not meet its criteria, or they prove nothing
     */
    public record Result(State state, long step, Path folder, String verdict, boolean refused) {}

    /** What a run does on its thread. */
    @FunctionalInterface
    private interface Work {
        Result run(Opening opening) throws IOException;
    }

    private Run(Workshop workshop, Client client) {
        this.workshop = workshop;
        this.control = new Control(client.stop());
        this.client = new Client(control::isStopped, event -> heard(client, event));
    }

    /**
     * Begins a run in a folder of its own.
     *
     * @param options the folder, threads and memory
     */
    public static Run begin(Workshop workshop, ExperimentFile file, Options options, Client client) {
        if (options.isolated()) {
            return new Run(workshop, client).isolated(options, List.of(file.path()));
        }
        return new Run(workshop, client).start(options, opening -> opening.begin(file));
    }

    /** Goes on with the run of a folder, from its newest checkpoint or the one that the options name. */
    public static Run goOn(Workshop workshop, Path folder, Options options, Client client) {
        if (options.isolated()) {
            return new Run(workshop, client).isolated(options.resume(folder), List.of());
        }
        return new Run(workshop, client).start(options, opening -> opening.goOn(folder));
    }

    private Run start(Options options, Work work) {
        int threads = workshop.budget().processors(this, options.threads());
        begin(options.threads(threads), work);
        return this;
    }

    /** Goes on in a process of its own, to be spoken to over the socket of its folder. */
    private Run isolated(Options options, List<Path> files) {
        isolated = true;
        // That process looks after its plugins.
        Options here = options.patient(Duration.ZERO);
        return start(here, opening -> {
            List<String> line = new ArrayList<>(List.of("run"));
            line.addAll(Line.words(options.threads(opening.options().threads().orElseThrow()), files));
            Outcome outcome = Isolation.run(workshop.context(), line, client);
            return new Result(
                    State.valueOf(outcome.state()),
                    outcome.step(),
                    outcome.folder(),
                    outcome.verdict(),
                    outcome.refused());
        });
    }

    /** Asks the process of an isolated run, which may not be there any more. */
    private <T> T asked(Function<Live, T> question) {
        if (folder == null || state.isOver()) {
            throw InputError.of("the run is still prepared, or has ended", "try again in a moment");
        }
        return question.apply(Live.of(folder, _ -> {}));
    }

    /** Goes on on a thread of its own, which is left behind where it hangs in a plugin. */
    private void begin(Options options, Work work) {
        Opening opening = new Opening(workshop, this, client, options);
        Calls now = new Calls(workshop::putBack);
        calls = now;
        Watchdog watchdog = Watchdog.over(
                now, Patience.of(options.patience()), hanging -> begin(options, next -> lost(next, hanging)));
        new RunThread(
                        "kolotoc run",
                        () -> now.run(() -> {
                            try {
                                ended(now, work.run(opening), null);
                            } catch (Throwable e) {
                                ended(now, null, e);
                            } finally {
                                watchdog.close();
                            }
                        }))
                .start();
    }

    /** Takes from a thread that hangs what it held, and does what is to be done where a plugin breaks. */
    private Result lost(Opening opening, RuntimeException hanging) throws IOException {
        speaking.close();
        return held.isPresent() ? opening.after(held.get(), hanging) : Opening.endedBy(hanging);
    }

    /** @param by the calls of the thread that came to its end; of no account if that hung and the run went on without it */
    private void ended(Calls by, Result with, Throwable thrown) {
        if (by.isAbandoned()) {
            return;
        }
        result = with;
        failure = thrown;
        state = thrown == null ? with.state() : State.FAILED;
        workshop.budget().giveBack(this);
        control.end();
        Optional.ofNullable(swapper).ifPresent(Swapper::end);
        // Whoever keeps the run shall not keep its plugins.
        swapper = null;
        held = Optional.empty();
        over.countDown();
    }

    /** What the run's thread holds from now on: to be taken from it where it hangs. */
    void holds(Held now) {
        held = Optional.of(now);
    }

    /**
     * What a run's thread holds.
     *
     * @param containment what to do where a plugin breaks; empty while the run is prepared
     * @param saving saves the state where it is whole
     */
    record Held(RunFolder folder, Optional<Containment> containment, Swapper.Save saving) {
        static Held preparing(RunFolder folder) {
            return new Held(folder, Optional.empty(), () -> {});
        }
    }

    private synchronized void heard(Client by, Event event) {
        calls.alive();
        overheard.accept(event);
        switch (event) {
            case Event.Began began -> {
                folder = began.folder();
                step = began.step();
                state = State.RUNNING;
            }
            case Event.Stepped stepped -> step = stepped.step();
            case Event.Paused _ -> state = State.PAUSED;
            default -> {}
        }
        by.tell(event);
    }

    Control control() {
        return control;
    }

    /** From now on its seats can be swapped. */
    void swappable(Swapper by) {
        Optional.ofNullable(swapper).ifPresent(Swapper::end);
        swapper = by;
        by.again().forEach(control::swap);
    }

    /** Goes on after a pause. */
    void wentOn() {
        state = State.RUNNING;
    }

    /** Lets people speak to it, over the socket of its folder, until it is closed. */
    Watcher speak(Path path, Workbench bench, long from) {
        Pulse pulse = new Pulse(path, bench.experiment().name(), from, bench.steps(), System::nanoTime);
        Requests requests = new Requests(this, pulse, bench.experiment().samples());
        Optional<Channel> channel = Channel.open(path, requests, client::warn);
        overheard = event -> {
            pulse.heard(event);
            channel.ifPresent(open -> open.tell(event));
        };
        AtomicBoolean closed = new AtomicBoolean();
        speaking = () -> {
            if (closed.compareAndSet(false, true)) {
                control.giveUp();
                requests.giveUp();
                pulse.end().cancel(false);
                channel.ifPresent(Channel::close);
                overheard = _ -> {};
            }
        };
        return speaking;
    }

    /** Tells, while nothing else is to be told, how far a device's compiler is; until it is closed. */
    Watcher watch(Backend backend) {
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Thread.sleep(LOOK_MILLISECONDS);
                    backend.compiling()
                            .ifPresent(now -> client.tell(
                                    new Event.Compiling(now.done(), now.all(), now.reached(), now.seconds())));
                }
            } catch (InterruptedException _) {
                // Closed.
            }
        });
        return () -> {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** To be closed. */
    interface Watcher extends AutoCloseable {
        @Override
        void close();
    }

    public State state() {
        return state;
    }

    /** Steps that were taken. */
    public long step() {
        return step;
    }

    /** Where it is written; empty while it is prepared. */
    public Optional<Path> folder() {
        return Optional.ofNullable(folder);
    }

    /** Lets it wait before its next step. */
    public void pause() {
        if (isolated) {
            asked(Live::pause);
            return;
        }
        control.pause();
    }

    /** Lets it go on after {@link #pause}. */
    public void go() {
        if (isolated) {
            asked(Live::go);
            state = State.RUNNING;
            return;
        }
        control.go();
    }

    /**
     * Writes a checkpoint before its next step, also while it waits.
     *
     * @return the step, once it is written; cancelled when the run came to its end before
     */
    public CompletableFuture<Long> save() {
        if (isolated) {
            return CompletableFuture.supplyAsync(() -> asked(Live::save));
        }
        return control.save();
    }

    /**
     * Puts another bundle into a seat, between two steps: over the same state, so that the run goes on with what it has learned.
     * The run keeps its jar, and its lock and {@code run.json} say from which step on. Does not fit what the bundle offers, the
     * run goes on as it was.
     *
     * @param seat {@code phase:pretrain}, or {@code phase} where there is one of that kind
     * @param jar of the bundle, which is installed for this run alone
     * @param at steps that are to be taken before; 0 for the next boundary
     * @param trust whether it may be a bundle that is quarantined in this run
     * @return what was done; fails with an {@link InputError} that says why it was not. Cancel it for a swap that is not wanted
     *     any longer
     * @throws InputError when there is no such seat, the jar is none or quarantined, or the run is not there yet or has ended
     */
    public CompletableFuture<Swapped> swap(String seat, Path jar, long at, boolean trust) {
        if (isolated) {
            Optional<Long> step = at == 0 ? Optional.empty() : Optional.of(at);
            return CompletableFuture.supplyAsync(() -> asked(live -> live.swap(seat, jar, step, trust)));
        }
        Swapper by = swapper;
        if (by == null || state.isOver()) {
            throw InputError.of(
                    state.isOver() ? "the run has ended" : "the run is still prepared: nothing fills its seats yet",
                    state.isOver() ? "begin another with that plugin: --plugin " + jar : "try again in a moment");
        }
        SeatName name = by.seat(seat);
        by.requireAhead(at, step);
        Swap swap = new Swap(name, Brought.of(jar, name, workshop.installed()), at, false, new CompletableFuture<>());
        try {
            if (!trust) {
                by.requireSound(swap.brought());
            }
            control.swap(swap);
        } catch (RuntimeException e) {
            swap.brought().close();
            throw e;
        }
        return swap.done();
    }

    /** Ends it, saved, before its next step, batch of an evaluation, part of a sample or of a judgement. */
    public void stop() {
        control.stop();
    }

    /**
     * Waits for its end.
     *
     * @throws org.kolotoc.api.InputError when something in the experiment, the folder or a plugin ended it
     * @throws org.kolotoc.api.Stopped when it was stopped before there was anything to save
     */
    public Result result() throws IOException, InterruptedException {
        over.await();
        switch (failure) {
            case null -> {
                return result;
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }
}
