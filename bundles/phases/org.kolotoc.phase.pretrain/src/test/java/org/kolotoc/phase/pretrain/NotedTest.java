package org.kolotoc.phase.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Signature;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.Toys;

/** What the phase says it does in another way than its settings say. */
final class NotedTest {
    /** The toys' text without the part that nobody trains on. */
    private record TrainingAlone(Dataset all) implements Dataset {
        @Override
        public Dimensions dimensions() {
            return all.dimensions();
        }

        @Override
        public List<String> splits() {
            return List.of("train");
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            return all.batches(split, axes, seed);
        }
    }

    private static List<String> noted(Dataset data, PretrainSettings settings) {
        List<String> noted = new ArrayList<>();
        try (Bench bench = Bench.of(Toys.bigram(data.dimensions().get("vocab")), data, 1)) {
            new Pretrain()
                    .prepare(
                            settings,
                            bench.withLedger(
                                    (kind, field, sentence) -> noted.add(kind.label() + " " + field + ": " + sentence)))
                    .close();
        }
        return noted;
    }

    @Test
    void dataWithoutAHeldOutPartIsNotMeasuredAndThatIsNoted() {
        PretrainSettings settings = PretrainTest.settings(4, 0, 1, 1e-3);
        assertEquals(List.of(), noted(Toys.text(), settings));
        assertEquals(
                List.of("skipped : the data has no validation part: loss/validation is not measured"),
                noted(new TrainingAlone(Toys.text()), settings));
    }

    /** The toys' text as if its documents stood apart. */
    private record Apart(Dataset all) implements Dataset {
        @Override
        public List<Signature.Port> fields() {
            List<Signature.Port> fields = new ArrayList<>(all.fields());
            fields.addAll(Signature.parse("-> i32 positions[batch,time]").outputs());
            return fields;
        }

        @Override
        public Dimensions dimensions() {
            return all.dimensions();
        }

        @Override
        public List<String> splits() {
            return all.splits();
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            return all.batches(split, axes, seed);
        }
    }

    @Test
    void anObjectiveThatMixesDocumentsSaysSo() {
        MaskedPretrainTest masked = new MaskedPretrainTest();
        List<String> noted = new ArrayList<>();
        try (Bench bench = Bench.of(masked.neighbours(), new Apart(Toys.text()), 1)
                .withTokenizer(masked.tokenizer().orElseThrow())) {
            new Pretrain()
                    .prepare(
                            masked.settings(),
                            bench.withLedger(
                                    (kind, field, sentence) -> noted.add(kind.label() + " " + field + ": " + sentence)))
                    .close();
        }
        assertEquals(
                List.of("no-effect objective: it does not take the positions of the data: documents see each other"),
                noted);
    }
}
