package org.kolotoc.phase.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchState;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;

/** Batches in parts: all that holds of the phase holds, and the parts make the batch. */
class AccumulationTest extends PhaseConformance<PretrainSettings> {
    @Override
    protected Phase<PretrainSettings> phase() {
        return new Pretrain();
    }

    @Override
    protected PretrainSettings settings() {
        return inParts(3);
    }

    private static PretrainSettings inParts(int parts) {
        return inParts(6, parts);
    }

    private static PretrainSettings inParts(int batch, int parts) {
        return PretrainTest.settings(batch, 0, parts, 1e-3);
    }

    /** What some steps in so many parts end with: measures, and every tensor. */
    private record End(Map<String, Double> measures, BenchState.Snapshot state) {
        static End of(Model model, int parts, int steps) {
            try (Bench bench = Bench.of(model, Toys.text(), 1)) {
                Map<String, Double> measures = bench.train(new Pretrain(), inParts(parts), 0, steps);
                return new End(measures, bench.state().snapshot());
            }
        }
    }

    @Test
    void partsGiveWhatTheUndividedBatchGives() {
        Model model = Toys.bigram(Toys.text().dimensions().get("vocab"));
        End whole = End.of(model, 1, 1);
        for (int parts : new int[] {2, 3, 6}) {
            End divided = End.of(model, parts, 1);
            assertEquals(whole.measures().keySet(), divided.measures().keySet());
            whole.measures()
                    .forEach((name, value) ->
                            assertEquals(value, divided.measures().get(name), 1e-6 * Math.abs(value), name));
            whole.state().tensors().forEach((name, bits) -> {
                int[] others = divided.state().tensors().get(name);
                IntStream.range(0, bits.length)
                        .forEach(i -> assertEquals(
                                Float.intBitsToFloat(bits[i]), Float.intBitsToFloat(others[i]), 1e-6, name));
            });
        }
        assertNotEquals(
                "",
                End.of(model, 2, 2).state().difference(whole.state()),
                "one step more has to be seen as another end");
    }

    @Test
    void withoutAWordABatchHasAsFewPartsAsItsLogitsHaveRoomIn() {
        Model model = Toys.bigram(Toys.text().dimensions().get("vocab"));
        assertEquals(
                "", End.of(model, 0, 2).state().difference(End.of(model, 1, 2).state()));
        // GPT-2 has 1,024 x 50,257 logits a sequence, 41 sequences of which are one tensor.
        long logits = 1024L * 50_257;
        Map.of(1, 1, 41, 1, 42, 2, 64, 2, 83, 83, 160, 4)
                .forEach((batch, parts) -> assertEquals(parts, inParts(batch, 0).parts(logits), "batch of " + batch));
        assertEquals(8, inParts(64, 8).parts(logits));
        assertEquals(
                6, inParts(6, 0).parts(1L << 40), "what has no room in any number of parts is refused by its shape");
    }

    @Test
    void everyPartHasRandomNumbersOfItsOwn() {
        List<List<Integer>> keys = new ArrayList<>();
        try (Bench bench = Bench.of(Toys.bigram(Toys.text().dimensions().get("vocab")), Toys.text(), 1);
                Training training = new Pretrain().prepare(inParts(3), new Watched(bench, keys))) {
            training.step(0, (_, _) -> {});
            training.step(1, (_, _) -> {});
        }
        assertEquals(6, keys.size());
        assertEquals(6, Set.copyOf(keys).size(), keys::toString);
    }

    /** Notes the key of every run of a program that has one. */
    private record Watched(PhaseContext context, List<List<Integer>> keys) implements Forwarding {
        @Override
        public BoundProgram prepare(String name, Program program) {
            BoundProgram bound = context.prepare(name, program);
            boolean keyed = program.inputs().containsKey("key");
            return new BoundProgram() {
                @Override
                public Buffer buffer(String wanted) {
                    return bound.buffer(wanted);
                }

                @Override
                public void run() {
                    if (keyed) {
                        int[] key = new int[2];
                        bound.buffer("key").read(key);
                        keys.add(List.of(key[0], key[1]));
                    }
                    bound.run();
                }

                @Override
                public Explanation explain() {
                    return bound.explain();
                }

                @Override
                public void close() {
                    bound.close();
                }
            };
        }
    }
}
