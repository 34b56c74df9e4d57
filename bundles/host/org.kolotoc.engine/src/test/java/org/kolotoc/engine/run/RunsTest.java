package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.FakeBackend;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.tensor.Backend;

/** Runs as objects: several in one host, and each of them at the hands of who began it. */
@Timeout(120)
final class RunsTest {
    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void host() throws IOException {
        console = new Console(folder);
    }

    private Engine engine() {
        return new Engine(console.framework().context());
    }

    private Run start(Engine engine, String name, long seed, String backend, Consumer<Event> listener) {
        ExperimentFile file = ExperimentFile.read(console.experiment());
        file.set("seed=" + seed);
        file.set("backend=" + backend);
        file.set("name=" + name);
        return engine.start(file, out(name), new Client(() -> false, listener));
    }

    private Options out(String name) {
        Options none = Options.none();
        return new Options(
                none.files(),
                none.sets(),
                none.seed(),
                Optional.of(console.out(name)),
                none.data(),
                none.backend(),
                none.resume(),
                none.from(),
                none.threads(),
                none.memory(),
                none.patience(),
                false,
                false,
                false,
                false,
                true);
    }

    /** Everything that a run made, but for when. */
    private List<String> made(String name) throws IOException {
        List<String> made = new ArrayList<>();
        for (String file : List.of("metrics.jsonl", "verdict.json", "samples/step-00000004/0.txt")) {
            made.add(Files.readString(console.out(name).resolve(file))
                    .replaceAll(",\"(tokensPerSecond|seconds)\":[^,}]+", ""));
        }
        return made;
    }

    private byte[] state(String name, int step) throws IOException {
        return Files.readAllBytes(
                console.out(name).resolve("checkpoints/step-0000%04d/state.safetensors".formatted(step)));
    }

    /** Lets one of two runs go on after each event, by chance. */
    private static final class Turns {
        private final Random random;
        private final boolean[] over = new boolean[2];
        private final boolean[] spoke = new boolean[2];
        private int turn;
        private int changes;

        Turns(long seed) {
            this.random = new Random(seed);
        }

        synchronized void heard(int by, Event event) {
            spoke[by] = true;
            if (event instanceof Event.Ended) {
                over[by] = true;
            } else if (spoke[0] && spoke[1]) {
                int next = random.nextInt(2);
                changes += next == turn ? 0 : 1;
                turn = next;
                while (turn != by && !over[1 - by]) {
                    try {
                        notifyAll();
                        wait(1000);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
            notifyAll();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void twoInOneHostGiveTheBytesOfEachAlone(long chance) throws IOException, InterruptedException {
        start(engine(), "alone-3", 3, "reference", _ -> {}).result();
        start(engine(), "alone-4", 4, "reference", _ -> {}).result();
        Engine engine = engine();
        Turns turns = new Turns(chance);
        Run one = start(engine, "beside-3", 3, "reference", event -> turns.heard(0, event));
        Run other = start(engine, "beside-4", 4, "reference", event -> turns.heard(1, event));
        assertEquals(Run.State.FINISHED, one.result().state());
        assertEquals(Run.State.FINISHED, other.result().state());
        assertTrue(turns.changes > 5, "they went on in turns: " + turns.changes);
        for (int seed = 3; seed <= 4; seed++) {
            assertArrayEquals(state("alone-" + seed, 12), state("beside-" + seed, 12));
            assertEquals(made("alone-" + seed), made("beside-" + seed));
        }
        assertFalse(java.util.Arrays.equals(state("alone-3", 12), state("alone-4", 12)), "the two differ");
    }

    /** A listener that pauses a run after a step. */
    private static Consumer<Event> pausing(Run[] run, long step, CountDownLatch paused) {
        return event -> {
            if (event instanceof Event.Stepped stepped && stepped.step() == step) {
                run[0].pause();
            }
            if (event instanceof Event.Paused) {
                paused.countDown();
            }
        };
    }

    @Test
    void aRunWaitsSavesGoesOnAndStopsAsItIsTold() throws IOException, InterruptedException, ExecutionException {
        start(engine(), "whole", 3, "reference", _ -> {}).result();
        Engine engine = engine();
        Run[] run = new Run[1];
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch ready = new CountDownLatch(1);
        Consumer<Event> pausing = pausing(run, 7, paused);
        run[0] = start(engine, "told", 3, "reference", event -> {
            await(ready);
            pausing.accept(event);
        });
        ready.countDown();
        paused.await();
        assertEquals(Run.State.PAUSED, run[0].state());
        Thread.sleep(50);
        assertEquals(7, run[0].step(), "it waits");
        assertEquals(7, run[0].save().get());
        assertArrayEquals(
                state("told", 7), state("told", 7), "the checkpoint is there before somebody hears that it is");
        assertEquals(Optional.of(console.out("told")), run[0].folder());
        run[0].stop();
        Run.Result stopped = run[0].result();
        assertEquals(new Run.Result(Run.State.STOPPED, 7, console.out("told"), "", false), stopped);
        assertTrue(run[0].save().isCancelled(), "nobody saves what is over");

        Run on = engine.resume(console.out("told"), Options.none(), Client.NOBODY);
        assertEquals(Run.State.FINISHED, on.result().state());
        assertArrayEquals(state("whole", 12), state("told", 12));
        assertEquals(made("whole"), made("told"));

        CountDownLatch again = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Consumer<Event> pausingAgain = pausing(run, 2, again);
        run[0] = start(engine, "went-on", 3, "reference", event -> {
            await(begun);
            pausingAgain.accept(event);
        });
        begun.countDown();
        again.await();
        run[0].go();
        assertEquals(Run.State.FINISHED, run[0].result().state());
        assertArrayEquals(state("whole", 12), state("went-on", 12));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatEndsARunReachesWhoWaitsForIt() {
        ExperimentFile file = ExperimentFile.read(console.experiment());
        file.set("model.layers=0");
        Run run = engine().start(file, out("bad"), Client.NOBODY);
        InputError error = assertThrows(InputError.class, run::result);
        assertTrue(error.getMessage().contains("layers"), error.getMessage());
        assertEquals(Run.State.FAILED, run.state());
        assertEquals(Optional.empty(), run.folder());
    }

    /** A device with so much memory. */
    private static final class Small implements FakeBackend.Manner {
        private static final long OVERHEAD = 1_000_000;

        private long total;

        @Override
        public Backend.Memory memory() {
            return new Backend.Memory(total, OVERHEAD, 0);
        }
    }

    @Test
    void runsShareOneBudgetOfMemory() throws IOException, InterruptedException {
        Small small = new Small();
        console.framework().backend(FakeBackend.of("small", small));
        Engine engine = engine();
        long own;
        try (Workbench bench = engine.workbench(file("small"), Options.none(), Client.NOBODY)) {
            own = MemoryPlan.of(bench, Optional.empty()).own();
        }
        small.total = 2 * own + Small.OVERHEAD;
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        Consumer<Event> holding = event -> {
            if (event instanceof Event.Began) {
                begun.countDown();
                await(end);
            }
        };
        Run one = start(engine, "one", 1, "small", holding);
        Run two = start(engine, "two", 2, "small", holding);
        begun.await();
        InputError third = assertThrows(
                InputError.class,
                () -> start(engine, "three", 3, "small", _ -> {}).result());
        String said = third.getMessage();
        String all = "%.1f MB".formatted(2 * own / 1e6);
        assertTrue(said.contains("of which runs that go on take " + all), said);
        assertTrue(said.contains(all + "  runs that go on: "), said);
        assertTrue(said.contains("one") && said.contains("two"), said);
        assertFalse(Files.exists(console.out("three")), "refused before anything was written");
        end.countDown();
        assertEquals(Run.State.FINISHED, one.result().state());
        assertEquals(Run.State.FINISHED, two.result().state());
        assertEquals(
                Run.State.FINISHED,
                start(engine, "three", 3, "small", _ -> {}).result().state(),
                "what was promised is given back");
    }

    @Test
    void aRunBesideAnotherFitsToTheByte() throws IOException, InterruptedException {
        Small small = new Small();
        console.framework().backend(FakeBackend.of("small", small));
        Engine engine = engine();
        try (Workbench bench = engine.workbench(file("small"), Options.none(), Client.NOBODY)) {
            MemoryPlan plan = MemoryPlan.of(bench, Optional.empty());
            small.total = 2 * plan.own() + plan.overhead() - 1;
        }
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Run one = start(engine, "one", 1, "small", event -> {
            if (event instanceof Event.Began) {
                begun.countDown();
                await(end);
            }
        });
        begun.await();
        assertThrows(
                InputError.class,
                () -> start(engine, "two", 2, "small", _ -> {}).result());
        end.countDown();
        assertEquals(Run.State.FINISHED, one.result().state());
    }

    /** Counts the threads that are given away. */
    private static final class Threads implements FakeBackend.Manner {
        private final List<Integer> given = new CopyOnWriteArrayList<>();
        private int open;

        @Override
        public synchronized boolean threads(int count) {
            given.add(count);
            open++;
            return true;
        }

        @Override
        public synchronized void closed() {
            open--;
        }
    }

    @Test
    void processorsAreSharedOut() throws IOException, InterruptedException {
        Threads threads = new Threads();
        console.framework().backend(FakeBackend.of("threads", threads));
        Engine engine = engine();
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Run one = start(engine, "one", 1, "threads", event -> {
            if (event instanceof Event.Began) {
                begun.countDown();
                await(end);
            }
        });
        begun.await();
        Run two = start(engine, "two", 1, "threads", _ -> {});
        two.result();
        end.countDown();
        one.result();
        assertEquals(List.of(Runtime.getRuntime().availableProcessors(), 1), threads.given);
        assertEquals(0, threads.open, "their threads end with the runs");
        engine.start(file("threads"), out("three").threads(3), Client.NOBODY).result();
        assertEquals(
                List.of(Runtime.getRuntime().availableProcessors(), 1, 3),
                threads.given,
                "as many as somebody asks for");
    }

    private ExperimentFile file(String backend) {
        ExperimentFile file = ExperimentFile.read(console.experiment());
        file.set("backend=" + backend);
        return file;
    }

    @Test
    void aDevicesCompilerIsHeardWhileNobodyElseSpeaks() throws IOException, InterruptedException {
        Backend.Compiling going = new Backend.Compiling(100, 206, 10, 14);
        CountDownLatch heard = new CountDownLatch(1);
        List<Event> after = new CopyOnWriteArrayList<>();
        console.framework().backend(FakeBackend.of("slow", new FakeBackend.Manner() {
            @Override
            public Optional<Backend.Compiling> compiling() {
                return Optional.of(going);
            }

            @Override
            public void before() {
                RunsTest.await(heard);
            }
        }));
        start(engine(), "slow", 1, "slow", event -> {
                    after.add(event);
                    if (event instanceof Event.Compiling) {
                        heard.countDown();
                    }
                })
                .result();
        assertTrue(after.contains(new Event.Compiling(100, 206, 10, 14)), after.toString());
        int events = after.size();
        Thread.sleep(500);
        assertEquals(events, after.size(), "nobody speaks of a run that is over");
        assertTrue(after.getLast() instanceof Event.Ended, after.getLast().toString());
    }
}
