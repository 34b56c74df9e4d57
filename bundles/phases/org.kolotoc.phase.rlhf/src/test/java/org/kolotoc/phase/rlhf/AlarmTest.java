package org.kolotoc.phase.rlhf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.phase.rlhf.RlhfSettings.Weighting;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** What is said of a divergence that can't be, or that means little is left of the reference. */
class AlarmTest {
    private static final int VOCAB = Toyland.VOCAB;
    private static final int LIKED = Toyland.QUESTIONS.tokens().encode("x")[0];

    /** What is noted in one step of a policy whose reference likes an 'x' so much. */
    private static List<String> noted(Model policy, double policyLikes, double referenceLikes) {
        Map<String, Model> models = new HashMap<>(Toyland.models(false));
        models.put("model", policy);
        List<String> noted = new ArrayList<>();
        try (Bench bench = new Bench(new ReferenceBackend(), models, Toyland.QUESTIONS, 1)) {
            bench.state().buffer("model/table.weight").write(table(policyLikes));
            bench.state().buffer("reference/table.weight").write(table(referenceLikes));
            try (Training training = new Rlhf()
                    .prepare(
                            RlhfTest.settings(Weighting.WHITENED, 2, 4, 0.1, 0.05),
                            bench.withTokenizer(Toyland.QUESTIONS.tokens().tokenizer())
                                    .withLedger((kind, field, sentence) ->
                                            noted.add(kind.label() + " " + field + ": " + sentence)))) {
                training.step(0, (_, _) -> {});
            }
        }
        return noted;
    }

    private static float[] table(double liking) {
        float[] table = new float[VOCAB * VOCAB];
        for (int token = 0; token < VOCAB; token++) {
            table[token * VOCAB + LIKED] = (float) liking;
        }
        return table;
    }

    @Test
    void aDivergenceThatExplodesIsTold() {
        assertEquals(List.of(), noted(Toyland.policy(), 1, 1));
        List<String> noted = noted(Toyland.policy(), 50, 0);
        assertEquals(1, noted.size(), noted::toString);
        assertTrue(noted.getFirst().startsWith("unverified klAlarm: the divergence"), noted::toString);
    }

    /** A policy that writes by other probabilities than it is trained by: a cache that is wrong would be one. */
    @Test
    void aDivergenceThatIsNegativeBeyondChanceIsTold() {
        List<String> noted = noted(new Lying(Toyland.policy()), 0, 5);
        assertEquals(1, noted.size(), noted::toString);
        assertTrue(noted.getFirst().startsWith("unverified kl: "), noted::toString);
    }

    private record Lying(Model honest) implements IncrementalModel {
        @Override
        public List<Parameter> cache(int rows, int length) {
            return List.of();
        }

        @Override
        public Extension extend(Weights weights, Tensor tokens, Tensor positions, Tensor counts, Weights cache) {
            int rows = tokens.shape().extent(0);
            Tensor last = tokens.dynamicSlice(1, counts.sub(1), 1).reshape(rows);
            float[] liking = new float[VOCAB];
            liking[LIKED] = 20;
            Tensor logits =
                    weights.get("table.weight").gather(last).add(tokens.tracer().constant(liking, Shape.of(VOCAB)));
            return new Extension(logits, Map.of());
        }

        @Override
        public Signature signature() {
            return honest.signature();
        }

        @Override
        public List<Parameter> parameters() {
            return honest.parameters();
        }

        @Override
        public Dimensions limits() {
            return honest.limits();
        }

        @Override
        public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            return honest.forward(weights, inputs, pass);
        }
    }
}
