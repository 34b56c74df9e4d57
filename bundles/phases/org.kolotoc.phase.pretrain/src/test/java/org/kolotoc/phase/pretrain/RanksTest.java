package org.kolotoc.phase.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchState;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Two ranks, each with half of every batch, in step: what the phase says of means is enough for them to be one. */
class RanksTest {
    private static final int RANKS = 2;
    private static final int STEPS = 3;

    private record End(Map<String, Double> measures, BenchState.Snapshot state) {}

    private static PretrainSettings settings(int batch, int parts) {
        return PretrainTest.settings(batch, 0, parts, 1e-3);
    }

    private static Bench bench() {
        return Bench.of(Toys.bigram(Toys.text().dimensions().get("vocab")), Toys.text(), 1);
    }

    private static End whole(int parts) {
        try (Bench bench = bench()) {
            return new End(
                    bench.train(new Pretrain(), settings(6, parts), 0, STEPS),
                    bench.state().snapshot());
        }
    }

    /** @param together whether means are taken over both, or of each alone */
    private static List<End> ranks(int parts, boolean together) throws InterruptedException, ExecutionException {
        Meeting meeting = new Meeting();
        List<Future<End>> ends = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(RANKS)) {
            for (int rank = 0; rank < RANKS; rank++) {
                int number = rank;
                ends.add(threads.submit(() -> trained(number, parts, together ? meeting : null)));
            }
            return List.of(ends.get(0).get(), ends.get(1).get());
        }
    }

    private static End trained(int rank, int parts, Meeting meeting) {
        Map<String, Double> last = new TreeMap<>();
        try (Bench bench = bench();
                Training training = new Pretrain()
                        .prepare(settings(6 / RANKS, parts), new Rank(bench, rank, meeting, new ArrayList<>()))) {
            for (int step = 0; step < STEPS; step++) {
                training.step(step, last::put);
            }
            return new End(last, bench.state().snapshot());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void twoRanksAreOneWithTheWholeBatch(int parts) throws Exception {
        End whole = whole(parts);
        List<End> ranks = ranks(parts, true);
        assertEquals("", ranks.get(0).state().difference(ranks.get(1).state()), "the ranks went apart");
        for (String measure : List.of("loss/train", "gradient/norm")) {
            double expected = whole.measures().get(measure);
            ranks.forEach(rank -> assertEquals(expected, rank.measures().get(measure), 1e-5 * expected, measure));
        }
        whole.state().tensors().forEach((name, bits) -> {
            int[] others = ranks.getFirst().state().tensors().get(name);
            IntStream.range(0, bits.length)
                    .forEach(i -> assertEquals(
                            Float.intBitsToFloat(bits[i]), Float.intBitsToFloat(others[i]), 1e-5, name + " " + i));
        });
    }

    @Test
    void ranksThatDoNotMeetGoApart() throws Exception {
        List<End> ranks = ranks(1, false);
        assertNotEquals("", ranks.get(0).state().difference(ranks.get(1).state()));
    }

    @Test
    void ofOneRankTheMeansAreTheTensorsThemselves() {
        List<Tensor> tensors = List.of(new Tracer().constant(3));
        try (Bench bench = bench()) {
            assertSame(tensors, bench.meanOverRanks(tensors));
        }
    }

    /** Where ranks wait for each other; each adds up what all brought in the order of their numbers. */
    private static final class Meeting {
        private final float[][][] brought = new float[RANKS][][];
        private final CyclicBarrier all = new CyclicBarrier(RANKS);

        float[][] mean(int rank, float[][] own) {
            brought[rank] = own;
            await();
            float[][] mean = new float[own.length][];
            for (int i = 0; i < own.length; i++) {
                mean[i] = new float[own[i].length];
                for (int at = 0; at < mean[i].length; at++) {
                    mean[i][at] = (brought[0][i][at] + brought[1][i][at]) / RANKS;
                }
            }
            await();
            return mean;
        }

        private void await() {
            try {
                all.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("the other rank did not come", e);
            }
        }
    }

    /**
     * One of two: of batch {@code i} of the whole it has half, batch {@code 2 i + rank} of half the size.
     *
     * @param meeting null if it is alone
     * @param means where programs are cut: nodes whose operand is what this rank has
     */
    private record Rank(PhaseContext context, int rank, Meeting meeting, List<Tensor> means) implements Forwarding {
        @Override
        public Dataset data(String formal) {
            return new Half(context.data(formal), rank);
        }

        @Override
        public List<Tensor> meanOverRanks(List<Tensor> tensors) {
            if (meeting == null) {
                return tensors;
            }
            List<Tensor> cut = tensors.stream()
                    .map(tensor -> tensor.optimizationBarrier(tensor))
                    .toList();
            means.addAll(cut);
            return cut;
        }

        @Override
        public BoundProgram prepare(String name, Program program) {
            List<Tensor> here = means.stream().filter(program.nodes()::contains).toList();
            if (here.isEmpty()) {
                return context.prepare(name, program);
            }
            Tracer before = new Tracer();
            Tracer after = new Tracer();
            Map<Tensor, Tensor> first = new HashMap<>();
            Map<Tensor, Tensor> second = new HashMap<>();
            for (Tensor node : program.nodes()) {
                first.put(
                        node,
                        before.copy(
                                node, node.operands().stream().map(first::get).toList()));
                int mean = here.indexOf(node);
                second.put(
                        node,
                        mean >= 0
                                ? after.feed("mean" + mean, node.dtype(), node.shape())
                                : after.copy(
                                        node,
                                        node.operands().stream()
                                                .map(second::get)
                                                .toList()));
            }
            for (int i = 0; i < here.size(); i++) {
                before.output("own" + i, first.get(here.get(i)));
            }
            program.outputs().forEach((output, value) -> after.output(output, second.get(value)));
            program.updates()
                    .forEach((state, value) ->
                            after.update(second.get(program.inputs().get(state)), second.get(value)));
            return new Cut(
                    program,
                    here.stream().map(Tensor::shape).toList(),
                    context.prepare(name + " before", before.program()),
                    context.prepare(name + " after", after.program()),
                    rank,
                    meeting);
        }
    }

    /** A program in two: between them the ranks meet. */
    private record Cut(
            Program whole, List<Shape> means, BoundProgram before, BoundProgram after, int rank, Meeting meeting)
            implements BoundProgram {
        @Override
        public Buffer buffer(String name) {
            return after.buffer(name);
        }

        @Override
        public void run() {
            whole.inputs().keySet().stream()
                    .filter(input -> !whole.isState(input))
                    .forEach(feed -> before.buffer(feed).copyFrom(after.buffer(feed)));
            before.run();
            float[][] own = new float[means.size()][];
            for (int i = 0; i < own.length; i++) {
                own[i] = new float[means.get(i).size()];
                before.buffer("own" + i).read(own[i]);
            }
            float[][] mean = meeting.mean(rank, own);
            for (int i = 0; i < own.length; i++) {
                after.buffer("mean" + i).write(mean[i]);
            }
            after.run();
        }

        @Override
        public Explanation explain() {
            return after.explain();
        }

        @Override
        public void close() {
            before.close();
            after.close();
        }
    }

    private record Half(Dataset whole, int rank) implements Dataset {
        @Override
        public Dimensions dimensions() {
            return whole.dimensions();
        }

        @Override
        public List<String> splits() {
            return List.of("train");
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            Batches batches = whole.batches(split, axes, seed);
            return new Batches() {
                @Override
                public long count() {
                    return batches.count() / RANKS;
                }

                @Override
                public void fill(long index, Map<String, Buffer> feeds) {
                    batches.fill(RANKS * index + rank, feeds);
                }
            };
        }
    }
}
