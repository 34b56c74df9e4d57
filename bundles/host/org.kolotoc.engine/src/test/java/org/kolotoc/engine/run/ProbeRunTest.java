package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.kolotoc.api.Sample;
import org.kolotoc.api.Settings;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.api.probe.Reading;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.FakeBackend;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.channel.Probed;
import org.kolotoc.engine.channel.Probing;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.folder.MetricsReader;
import org.kolotoc.engine.folder.ProbesLine;
import org.kolotoc.engine.folder.ProbesLog;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Probes that look into runs that go on. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
final class ProbeRunTest {
    private static final List<String> ALL =
            List.of("gradient-norms", "activations", "attention", "update-ratio", "memory");

    /** The same without evaluations in its middle and samples. */
    private static final String QUICK = Console.SMALL.replaceFirst("(?s),\\s*\"evaluateAt.*", "}");

    @TempDir
    Path folder;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile long predicted;
    private Console console;
    private Engine engine;

    @BeforeEach
    void host() throws IOException {
        console = new Console(folder);
        console.write(QUICK);
        engine = new Engine(console.framework().context());
    }

    private Live live(String name) {
        return engine.live(console.out(name), _ -> {});
    }

    /** A run that waits before its first step until it is told to go on. */
    private Run waiting(String name, String... more) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of("--out", console.out(name).toString()));
        line.addAll(List.of(more));
        Options options = Console.options(line.toArray(String[]::new));
        Run[] run = new Run[1];
        CountDownLatch ready = new CountDownLatch(1);
        run[0] = engine.start(
                engine.read(console.experiment(), options, Client.NOBODY), options, new Client(() -> false, event -> {
                    if (event instanceof Event.Began began) {
                        predicted = began.predicted();
                        await(ready);
                        run[0].pause();
                    }
                    events.add(event);
                }));
        ready.countDown();
        heard(Event.Paused.class);
        return run[0];
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private <E extends Event> E heard(Class<E> type) throws InterruptedException {
        while (true) {
            Event event = events.take();
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
    }

    /** Every file of a run but for what probes wrote, and for times and processes. */
    private List<String> made(String name) throws IOException {
        Path run = console.out(name);
        try (Stream<Path> files = Files.walk(run)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !run.relativize(file)
                            .toString()
                            .matches("process.lock|report.html|lock.json|run.json|probes.*"))
                    .sorted()
                    .map(file -> {
                        try {
                            return run.relativize(file) + ":\n"
                                    + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                                            .replaceAll(",\"(tokensPerSecond|seconds)\":[^,}]+", "")
                                            .replaceAll("\"(metrics|seal)\": ?(\"[^\"]*\"|\\{[^}]*\\})", "");
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    private List<ProbesLine> lines(String name, String probe) throws IOException {
        List<ProbesLine> lines = new ArrayList<>();
        ProbesLog.read(console.out(name), line -> {
            if (line.probe().equals(probe)) {
                lines.add(line);
            }
        });
        return lines;
    }

    /** Whatever the model's dropout: with it attention is traced in another way than without. */
    @ParameterizedTest
    @ValueSource(strings = {"0.1", "0"})
    void everyFileOfARunIsTheSameWithAndWithoutProbes(String dropout) throws Exception {
        console.write(Console.SMALL.replace("\"dropout\": 0.1", "\"dropout\": " + dropout));
        console.small("alone");
        Run run = waiting("probed");
        for (String probe : ALL) {
            Probed attached = live("probed").probe(probe, List.of(), probe.equals("memory") ? 5 : 1);
            assertEquals("attached", attached.state());
            assertEquals(probe.equals("memory"), attached.bytes() == 0, attached.toString());
        }
        live("probed").go();
        assertEquals(Run.State.FINISHED, run.result().state());
        assertEquals(made("alone"), made("probed"));
        assertFalse(Files.exists(console.out("alone").resolve(ProbesLog.FILE)));
        for (String probe : ALL) {
            assertEquals(probe.equals("memory") ? 2 : 12, lines("probed", probe).size(), probe);
        }
        ProbesLine attention = lines("probed", "attention").getLast();
        assertEquals(
                List.of("block0.attention/entropy/head0", "block0.attention/entropy/head1"),
                List.copyOf(attention.values().keySet()));
        // Uniform over as many keys as a query may see, which untrained heads almost are.
        double uniform = 0;
        for (int seen = 1; seen <= 8; seen++) {
            uniform += Math.log(seen) / 8;
        }
        assertEquals(uniform, attention.values().get("block0.attention/entropy/head1"), 0.05);
        assertEquals(List.of("probes/attention/train/block0.attention.png"), attention.pictures());
        float[] pixels = Pictures.of(
                        new Sample(
                                "image/png",
                                Files.readAllBytes(console.out("probed")
                                        .resolve(attention.pictures().getFirst()))),
                        8,
                        8)
                .pixels();
        assertEquals(1, pixels[0], "the first sees itself alone");
        assertEquals(0, pixels[1], "and nothing behind it");
        assertEquals(0.5, pixels[8], 0.1);
    }

    /** The phase measures the norm of all gradients itself; weights are in checkpoints before and after a step. */
    @Test
    void whatIsReadIsWhatTheStepComputes() throws Exception {
        console.write(QUICK.replace("\"checkpointEvery\": 5", "\"checkpointEvery\": 1"));
        Run run = waiting("probed");
        live("probed").probe("gradient-norms", List.of(), 1);
        live("probed").probe("update-ratio", List.of(), 1);
        live("probed").save();
        live("probed").go();
        run.result();
        Map<Long, Double> norms = new TreeMap<>();
        MetricsReader.read(console.out("probed").resolve(MetricsReader.FILE), (line, _) -> {
            if (!line.evaluation()) {
                norms.put(line.step(), line.measures().get("gradient/norm"));
            }
        });
        assertEquals(12, norms.size());
        assertEquals(12, lines("probed", "gradient-norms").size());
        for (ProbesLine line : lines("probed", "gradient-norms")) {
            assertEquals(norms.get(line.step()), line.values().get("all"), 1e-4 * norms.get(line.step()));
            assertTrue(line.values().containsKey("model/token.weight"), line.toString());
        }
        Checkpoints checkpoints = new Checkpoints(console.out("probed"));
        assertEquals(12, lines("probed", "update-ratio").size());
        for (ProbesLine line : lines("probed", "update-ratio")) {
            float[] before = weight(checkpoints, line.step() - 1);
            float[] after = weight(checkpoints, line.step());
            double change = 0;
            double norm = 0;
            for (int i = 0; i < before.length; i++) {
                change += Math.pow(after[i] - before[i], 2);
                norm += Math.pow(before[i], 2);
            }
            double ratio = Math.sqrt(change / norm);
            assertEquals(ratio, line.values().get("model/token.weight"), 1e-3 * ratio, "step " + line.step());
        }
    }

    private static float[] weight(Checkpoints checkpoints, long step) throws IOException {
        Snapshot.Entry entry =
                checkpoints.read(Optional.of(step)).snapshot().of("model").get("token.weight");
        float[] weight = new float[Shape.of(entry.shape()).size()];
        try (Buffer copy = new ReferenceBackend().allocate(DType.F32, Shape.of(entry.shape()))) {
            entry.write(copy);
            copy.read(weight);
        }
        return weight;
    }

    /** Of a batch in parts, and of blocks that are computed again. */
    @Test
    void partsOfABatchAreReadEach() throws Exception {
        console.write(QUICK.replace("\"batch\": 2,", "\"batch\": 2, \"accumulate\": 2, \"recompute\": \"blocks\","));
        console.small("alone");
        Run run = waiting("parts");
        ALL.forEach(probe -> live("parts").probe(probe, List.of(), 4));
        live("parts").go();
        run.result();
        assertEquals(made("alone"), made("parts"));
        assertEquals(
                List.of("4 train 1", "4 train 2", "8 train 1", "8 train 2", "12 train 1", "12 train 2"),
                lines("parts", "gradient-norms").stream()
                        .map(line -> line.step() + " " + line.program() + " " + line.run())
                        .toList());
        assertEquals(
                List.of("update"),
                lines("parts", "update-ratio").stream()
                        .map(ProbesLine::program)
                        .distinct()
                        .toList());
        assertTrue(
                lines("parts", "activations")
                        .getFirst()
                        .values()
                        .keySet()
                        .containsAll(List.of("block0.attention/std", "block0.mlp/max")),
                lines("parts", "activations").toString());
    }

    @Test
    void itGoesOnInThePhaseThatFollows() throws Exception {
        String phase = "{\"id\": \"pretrain\", \"steps\": 4, \"batch\": 2, \"warmup\": 2, \"learningRate\": 0.01}";
        console.write(QUICK.replaceAll("(?s)\"phases\": \\[.*?\\}\\]", "\"phases\": [" + phase + ", " + phase + "]"));
        console.small("alone");
        Run run = waiting("two");
        live("two").probe("gradient-norms", List.of(), 3);
        live("two").go();
        run.result();
        assertEquals(made("alone"), made("two"));
        assertEquals(
                List.of("3 pretrain", "6 pretrain-2"),
                lines("two", "gradient-norms").stream()
                        .map(line -> line.step() + " " + line.phase())
                        .toList());
    }

    /** Programs that took memory, and buffers that are not given back. */
    private static final class Counting implements FakeBackend.Manner {
        private final AtomicInteger bound = new AtomicInteger();
        private final AtomicInteger ran = new AtomicInteger();
        private volatile Backend.Memory memory = Backend.Memory.UNKNOWN;

        @Override
        public void bound() {
            bound.incrementAndGet();
        }

        @Override
        public void freed() {
            bound.decrementAndGet();
        }

        @Override
        public void before() {
            ran.incrementAndGet();
        }

        @Override
        public Backend.Memory memory() {
            return memory;
        }
    }

    @Test
    void takenOffItLeavesNothing() throws Exception {
        Counting counting = new Counting();
        console.framework().backend(FakeBackend.of("counting", counting));
        Run run = waiting("off", "--backend", "counting", "--set", "phases.0.steps=100000");
        live("off").probe("gradient-norms", List.of(), 1);
        live("off").probe("activations", List.of(), 1);
        go(run);
        int with = counting.bound.get();
        assertEquals(2, live("off").status().probes().size());
        assertEquals("off", live("off").unprobe("gradient-norms").state());
        assertEquals(with - 1, counting.bound.get());
        live("off").unprobe("activations");
        assertEquals(with - 2, counting.bound.get());
        assertEquals(List.of(), live("off").status().probes());
        int before = counting.ran.get();
        long step = run.step();
        long lines = lines("off", "gradient-norms").size();
        go(run);
        assertEquals(run.step() - step, counting.ran.get() - before, "a step is one program again");
        assertEquals(lines, lines("off", "gradient-norms").size());
        live("off").probe("attention", List.of(), 1);
        go(run);
        assertEquals(with - 1, counting.bound.get());
        run.stop();
        run.result();
        assertEquals(0, counting.bound.get(), "the end of a run takes them off");
    }

    /** Lets it take a step or more. */
    private void go(Run run) throws InterruptedException {
        long before = run.step();
        run.go();
        while (run.step() == before) {
            heard(Event.Stepped.class);
        }
        live("off").pause();
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheFigure() throws Exception {
        Counting counting = new Counting();
        console.framework().backend(FakeBackend.of("small", counting));
        Run measured = waiting("measured", "--backend", "small");
        long bytes = live("measured").probe("gradient-norms", List.of(), 1).bytes();
        measured.stop();
        measured.result();
        counting.memory = new Backend.Memory(predicted + bytes, 0, 0);
        Run run = waiting("refused", "--backend", "small");
        live("refused").probe("gradient-norms", List.of(), 1);
        InputError error = assertThrows(InputError.class, () -> live("refused").probe("activations", List.of(), 1));
        assertTrue(
                error.getMessage()
                        .matches("the probe 'activations' would take [\\d.]+ MB of memory, but of ([\\d.]+ MB)"
                                + " \\(memory of the machine, container or device\\) \\1 are taken"),
                error.getMessage());
        assertTrue(error.next().contains("--memory"), error.next());
        assertEquals(1, live("refused").status().probes().size());
        live("refused").unprobe("gradient-norms");
        live("refused").probe("activations", List.of(), 1);
        run.stop();
        run.result();
    }

    /** One that fails when it reads a step that is late enough, or when it looks. */
    private record Failing(long after, boolean looks) implements Probe<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public Optional<Reading> prepare(Settings.None settings, ProbeContext context) {
            if (looks) {
                throw new UnsupportedOperationException("no eyes");
            }
            context.values()
                    .gradients()
                    .forEach((name, gradient) -> context.output(name, Functions.norm(context.of(gradient))));
            int[] read = new int[1];
            return Optional.of((_, out) -> {
                out.put("read", read[0]);
                if (++read[0] > after) {
                    throw new StackOverflowError("too deep");
                }
            });
        }
    }

    @Test
    void oneThatFailsIsOffAndTheRunGoesOn() throws Exception {
        console.framework().seat(Probe.KIND, "failing", new Failing(2, false));
        console.framework().seat(Probe.KIND, "blind", new Failing(0, true));
        console.small("alone");
        Run run = waiting("failed");
        InputError blind = assertThrows(InputError.class, () -> live("failed").probe("blind", List.of(), 1));
        assertTrue(blind.getMessage().contains("no eyes"), blind.getMessage());
        live("failed").probe("failing", List.of(), 1);
        live("failed").probe("gradient-norms", List.of(), 1);
        live("failed").go();
        Event.ProbeDetached off = heard(Event.ProbeDetached.class);
        assertEquals("failing", off.probe());
        assertEquals(3, off.step());
        assertTrue(off.why().contains("the probe 'failing'") && off.why().contains("too deep"), off.why());
        assertTrue(off.text().contains("the run goes on"), off.text());
        assertEquals(Run.State.FINISHED, run.result().state());
        assertEquals(2, lines("failed", "failing").size());
        assertEquals(12, lines("failed", "gradient-norms").size(), "the others read on");
        assertEquals(made("alone"), made("failed"));
    }

    @Test
    void onceItReadsTheNextStepAndIsOff() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Options options = Console.options("--out", console.out("once").toString());
        Run run = engine.start(
                engine.read(console.experiment(), options, Client.NOBODY), options, new Client(() -> false, event -> {
                    if (event instanceof Event.Stepped stepped && stepped.step() == 2) {
                        second.countDown();
                        await(asked);
                    }
                }));
        second.await();
        Thread asking = Thread.ofVirtual().start(() -> {
            while (run.control().wishes() == 0) {
                Thread.onSpinWait();
            }
            asked.countDown();
        });
        Probed once = live("once").probeOnce("attention", List.of("pixels=4"));
        asking.join();
        assertEquals("read", once.state());
        assertEquals(3, once.step());
        assertEquals(2, once.reads().getFirst().values().size(), once.reads().toString());
        assertEquals(
                4 * 8,
                Pictures.of(once.reads().getFirst().pictures().getFirst(), 4, 4).pixels().length);
        run.result();
        assertFalse(Files.exists(console.out("once").resolve(ProbesLog.FILE)), "it is told, not written");
    }

    @Test
    void wrongInputIsOneMessage() throws Exception {
        Run run = waiting("wrong");
        refused(
                () -> live("wrong").probe("gradient-norm", List.of(), 1),
                "there is no probe 'gradient-norm'; did you" + " mean 'gradient-norms'?");
        refused(() -> live("wrong").probe("attention", List.of("pixels=0"), 1), "pixels");
        refused(() -> live("wrong").probe("attention", List.of("pixel=3"), 1), "pixel");
        refused(() -> live("wrong").probe("attention", List.of(), 0), "at least 1");
        refused(() -> live("wrong").unprobe("attention"), "does not read in this run; none does");
        refused(() -> live("wrong").probeOnce("attention", List.of()), "the run waits");
        live("wrong").probe("attention", List.of(), 3);
        refused(() -> live("wrong").probe("attention", List.of(), 2), "reads already, every 3 steps");
        refused(() -> live("wrong").unprobe("atention"), "did you mean 'attention'?");
        Probing probing = live("wrong").status().probes().getFirst();
        assertEquals(new Probing("attention", 3, 0, "", Map.of()), probing);
        live("wrong").go();
        run.result();
        assertArrayEquals(
                new long[] {3, 6, 9, 12},
                lines("wrong", "attention").stream().mapToLong(ProbesLine::step).toArray());
    }

    private static void refused(org.junit.jupiter.api.function.Executable asked, String what) {
        InputError error = assertThrows(InputError.class, asked);
        assertTrue(error.getMessage().contains(what), error.getMessage());
    }
}
