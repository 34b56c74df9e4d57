package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Training;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Drawn;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.channel.RunStatus;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.open.Options;
import org.kolotoc.phase.pretrain.Pretrain;

/** Runs that people speak to while they go on. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
final class LiveRunTest {
    private static final String REQUEST = "{\"request\": \"sample\"";

    @TempDir
    Path folder;

    private Console console;
    private Engine engine;

    @BeforeEach
    void host() throws IOException {
        console = new Console(folder);
        engine = new Engine(console.framework().context());
    }

    private Run start(String name, Consumer<Event> listener) {
        Options options = Console.options("--out", console.out(name).toString());
        return engine.start(
                engine.read(console.experiment(), options, Client.NOBODY), options, new Client(() -> false, listener));
    }

    private Live live(String name) {
        return engine.live(console.out(name), _ -> {});
    }

    /** A run that waits before its first step until it is told to go on. */
    private Run waiting(String name, BlockingQueue<Event> events) throws InterruptedException {
        Run[] run = new Run[1];
        CountDownLatch ready = new CountDownLatch(1);
        run[0] = start(name, event -> {
            await(ready);
            if (event instanceof Event.Began) {
                run[0].pause();
            }
            events.add(event);
        });
        ready.countDown();
        heard(events, Event.Paused.class);
        return run[0];
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <E extends Event> E heard(BlockingQueue<Event> events, Class<E> type) throws InterruptedException {
        while (true) {
            Event event = events.take();
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
    }

    /** Every file of a run by its name and what is in it, but for times, processes and what says when. */
    private List<String> made(String name) throws IOException {
        Path run = console.out(name);
        try (Stream<Path> files = Files.walk(run)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().matches(".*(process.lock|report.html|lock.json|run.json)"))
                    .sorted()
                    .map(file -> {
                        try {
                            String content =
                                    new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
                            return run.relativize(file) + ":\n"
                                    + content.replaceAll(",\"(tokensPerSecond|seconds)\":[^,}]+", "")
                                            .replaceAll("\"(metrics|seal)\": ?(\"[^\"]*\"|\\{[^}]*\\})", "");
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    @Test
    void itIsPausedSavedLetGoAndStopped() throws Exception {
        BlockingQueue<Event> events = new ArrayBlockingQueue<>(1000);
        Run run = waiting("told", events);
        RunStatus status = live("told").status();
        assertEquals("paused", status.state());
        assertEquals("small", status.name());
        assertEquals(0, status.step());
        assertEquals(12, status.steps());
        assertEquals(ProcessHandle.current().pid(), status.pid());
        assertEquals(console.out("told").toString(), status.folder());
        assertEquals(null, status.secondsLeft(), "no step was taken");
        assertEquals(0, live("told").save());
        assertTrue(Files.isDirectory(console.out("told").resolve("checkpoints/step-00000000")));
        assertTrue(live("told").go());
        heard(events, Event.Stepped.class);
        long step = live("told").pause();
        assertEquals(Run.State.PAUSED, run.state(), "it waits when that is answered");
        assertEquals(step, run.step());
        status = live("told").status();
        assertEquals(step, status.step());
        assertEquals("pretrain", status.phase());
        assertTrue(status.measures().containsKey("loss/train"), status.toString());
        assertEquals(step, live("told").pause(), "twice is once");
        String end = live("told").stop();
        assertTrue(end.startsWith("stopped and saved after step " + step + "; go on: ./kolotoc run --resume "), end);
        assertEquals(Run.State.STOPPED, run.result().state());
        assertFalse(Files.exists(console.out("told").resolve(RunFolder.SOCKET)));
        InputError ended = assertThrows(InputError.class, () -> live("told").go());
        assertEquals(
                "the run of " + console.out("told") + " has ended: stopped after step " + step, ended.getMessage());
        assertEquals("go on with it: ./kolotoc run --resume " + console.out("told"), ended.next());
        assertFalse(engine.liveIn(console.out("told").getParent()).iterator().hasNext());

        start("whole", _ -> {}).result();
        engine.resume(console.out("told"), Options.none(), Client.NOBODY).result();
        assertArrayEquals(
                Files.readAllBytes(console.out("whole").resolve("checkpoints/step-00000012/state.safetensors")),
                Files.readAllBytes(console.out("told").resolve("checkpoints/step-00000012/state.safetensors")));
    }

    @Test
    void whoLetsARunGoThatDoesNotWaitHearsSo() throws Exception {
        BlockingQueue<Event> events = new ArrayBlockingQueue<>(1000);
        CountDownLatch asked = new CountDownLatch(1);
        Run run = start("going", event -> {
            if (event instanceof Event.Stepped stepped && stepped.step() == 2) {
                events.add(event);
                await(asked);
            }
        });
        heard(events, Event.Stepped.class);
        assertFalse(live("going").go());
        assertEquals("running", live("going").status().state());
        asked.countDown();
        run.result();
    }

    /** Evaluations and samples that people ask for, at steps by chance, with hanging and talking clients beside them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whoeverSpeaksToItTheRunIsTheSame(long chance) throws Exception {
        start("alone", _ -> {}).result();
        Random random = new Random(chance);
        BlockingQueue<Event> events = new ArrayBlockingQueue<>(10_000);
        Run run = waiting("spoken", events);
        String name = "spoken";
        Path socket = console.out(name).resolve(RunFolder.SOCKET);
        SocketChannel hanging = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        hanging.write(ByteBuffer.wrap(REQUEST.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        int asked = 0;
        Drawn last = null;
        while (!run.state().isOver()) {
            for (int i = random.nextInt(4); i > 0; i--) {
                asked++;
                switch (random.nextInt(4)) {
                    case 0 -> assertTrue(live(name).evaluate().measures().get("loss/validation") > 0);
                    case 1 -> {
                        Drawn drawn = live(name).sample(Optional.empty());
                        assertEquals(2, drawn.samples().size(), "as many as the experiment says");
                        assertNotEquals(last, drawn);
                        last = drawn;
                    }
                    case 2 -> live(name).status();
                    default -> {
                        try (SocketChannel rubbish = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                            rubbish.connect(UnixDomainSocketAddress.of(socket));
                            rubbish.write(ByteBuffer.wrap(new byte[] {0, -1, '\n'}));
                        }
                    }
                }
            }
            live(name).go();
            if (random.nextBoolean()) {
                heard(events, Event.Stepped.class);
            }
            try {
                live(name).pause();
            } catch (InputError e) {
                assertTrue(
                        e.getMessage().matches("(?s).*(has ended|came to its end|does not listen).*"), e.getMessage());
                break;
            }
        }
        assertEquals(Run.State.FINISHED, run.result().state());
        hanging.close();
        assertTrue(asked > 3, "asked " + asked + " times");
        assertEquals(made("alone"), made(name));
    }

    /** A phase that says something each time it evaluates, and may fail then. */
    private record Murmuring<S extends Record>(Phase<S> like, AtomicBoolean fails) implements Phase<S> {
        @Override
        public Class<S> settings() {
            return like.settings();
        }

        @Override
        public List<Measure> measures(S settings) {
            return like.measures(settings);
        }

        @Override
        public Needs needs(S settings) {
            return like.needs(settings);
        }

        @Override
        public Training prepare(S settings, PhaseContext context) {
            Training training = like.prepare(settings, context);
            return Training.of(List.of(), training::step, out -> {
                context.ledger().note(Ledger.Kind.SKIPPED, "", "the half of it");
                if (fails.get()) {
                    throw new IllegalStateException("no mood");
                }
                training.evaluate(out);
            });
        }
    }

    /** Neither does it get into the ledger what a plugin has to say meanwhile, nor end the run that it fails. */
    @Test
    void whatPluginsDoWhenTheyAreAskedIsNoPartOfTheRun() throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        console.framework().seat(Seat.PHASE, "murmur", new Murmuring<>(new Pretrain(), fails));
        console.write(Console.SMALL.replace("\"pretrain\"", "\"murmur\""));
        start("alone", _ -> {}).result();
        Run run = waiting("asked", new ArrayBlockingQueue<>(1000));
        live("asked").evaluate();
        fails.set(true);
        InputError error = assertThrows(InputError.class, () -> live("asked").evaluate());
        assertTrue(error.getMessage().contains("the phase 'murmur'"), error.getMessage());
        assertTrue(error.getMessage().contains("no mood"), error.getMessage());
        assertTrue(error.next().contains("the run goes on"), error.next());
        fails.set(false);
        live("asked").go();
        assertEquals(Run.State.FINISHED, run.result().state());
        assertTrue(Files.exists(console.out("alone").resolve("ledger.jsonl")));
        assertEquals(made("alone"), made("asked"));
    }

    @Test
    void samplesThatAreAskedForAreOthersEachTime() throws Exception {
        Run run = waiting("sampled", new ArrayBlockingQueue<>(1000));
        Drawn one = live("sampled").sample(Optional.empty());
        Drawn two = live("sampled").sample(Optional.of("text"));
        assertEquals(0, one.step());
        assertEquals("text", one.name());
        assertEquals(12, one.samples().getFirst().text().length());
        assertNotEquals(
                one.samples().getFirst().text(), two.samples().getFirst().text());
        InputError wrong = assertThrows(InputError.class, () -> live("sampled").sample(Optional.of("tekst")));
        assertTrue(wrong.getMessage().contains("no samples 'tekst'; did you mean 'text'?"), wrong.getMessage());
        run.stop();
        run.result();
    }

    /** Between two steps that is done which was asked for until then. */
    @Test
    void whoAsksAgainAndAgainHoldsUpNoStep() throws Exception {
        Run run = waiting("asked", new ArrayBlockingQueue<>(1000));
        AtomicInteger asked = new AtomicInteger();
        run.control().ask(new Wish.Work<Integer>() {
            @Override
            public Integer at(Boundary boundary) {
                run.go();
                run.control().ask(this);
                return boundary.step() > 0 ? asked.incrementAndGet() : 0;
            }
        });
        assertEquals(Run.State.FINISHED, run.result().state());
        assertEquals(11, asked.get(), "once before each step but the first");
    }

    /** Whoever stops a run in an evaluation that was only asked for finds what was due done, and nothing else. */
    @Test
    void stoppedWithinWhatIsAskedForItGoesOnTheSame() throws Exception {
        start("whole", _ -> {}).result();
        Run[] run = new Run[1];
        boolean[] asked = new boolean[1];
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch paused = new CountDownLatch(1);
        run[0] = start("stopped", event -> {
            await(ready);
            if (event instanceof Event.Stepped stepped && stepped.step() == 4) {
                run[0].pause();
            } else if (event instanceof Event.Paused) {
                paused.countDown();
            } else if (asked[0] && event instanceof Event.Working) {
                run[0].stop();
            }
        });
        ready.countDown();
        paused.await();
        asked[0] = true;
        InputError late = assertThrows(InputError.class, () -> live("stopped").evaluate());
        assertTrue(late.getMessage().contains("before it could do this: evaluate"), late.getMessage());
        assertEquals(4, run[0].result().step());
        engine.resume(console.out("stopped"), Options.none(), Client.NOBODY).result();
        List<String> whole = made("whole");
        List<String> went = made("stopped");
        went = went.stream().filter(file -> !file.contains("step-00000004/")).toList();
        whole = whole.stream().filter(file -> !file.contains("step-00000004/")).toList();
        assertEquals(whole, went);
    }

    @Test
    void aRunThatIsStoppingSaysSo() throws Exception {
        CountDownLatch saving = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Run[] run = new Run[1];
        CountDownLatch ready = new CountDownLatch(1);
        run[0] = start("stopping", event -> {
            await(ready);
            if (event instanceof Event.Stepped stepped && stepped.step() == 3) {
                run[0].stop();
            } else if (event instanceof Event.Saved) {
                saving.countDown();
                await(asked);
            }
        });
        ready.countDown();
        saving.await();
        assertEquals("stopping", live("stopping").status().state());
        InputError refused =
                assertThrows(InputError.class, () -> live("stopping").evaluate());
        assertTrue(refused.getMessage().contains("is stopping"), refused.getMessage());
        assertTrue(refused.next().contains("./kolotoc run --resume " + console.out("stopping")), refused.next());
        CompletableFuture<String> stop =
                CompletableFuture.supplyAsync(() -> live("stopping").stop());
        Thread.sleep(100);
        asked.countDown();
        assertTrue(stop.get().startsWith("stopped and saved after step 3"), stop.get());
        run[0].result();
    }

    @Test
    void whereNoSocketCanBeMadeTheRunGoesOnAndSaysSo() throws Exception {
        String temporary = System.getProperty("java.io.tmpdir");
        Path none = folder.resolve("none");
        System.setProperty("java.io.tmpdir", none.toString());
        String longName = "n".repeat(100);
        BlockingQueue<Event> events = new ArrayBlockingQueue<>(1000);
        try {
            assertEquals(
                    Run.State.FINISHED, start(longName, events::add).result().state());
        } finally {
            System.setProperty("java.io.tmpdir", temporary);
        }
        List<String> warned = events.stream()
                .filter(Event.Warned.class::isInstance)
                .map(Event::text)
                .toList();
        assertEquals(1, warned.size(), warned.toString());
        assertTrue(warned.getFirst().contains("nobody can speak to this run while it goes on"), warned.getFirst());
        assertFalse(Files.exists(console.out(longName).resolve("ledger.jsonl")), "it is no silence");
    }
}
