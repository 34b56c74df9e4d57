package rlhf;

import static org.junit.jupiter.api.Assertions.*;

import java.util.*;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.*;
import org.kolotoc.api.text.*;
import org.kolotoc.tck.*;
import org.kolotoc.tensor.*;

class RlhfTest extends PhaseConformance<Rlhf.Plan> {
    static final List<String> TEXTS = List.of("a", "to be", "be or not", "that", "is", "or not");

    private static Rlhf.Plan plan(int prompts) {
        Reward reward = new LetterShare().create(new LetterShare.Taste("b"));
        return new Rlhf.Plan(prompts, 4, 6, " ", 0.05, 0.05, reward);
    }

    @Override
    protected Phase<Rlhf.Plan> phase() {
        return new Rlhf();
    }

    @Override
    protected Rlhf.Plan settings() {
        return plan(2);
    }

    @Override
    protected Stream<Rlhf.Plan> otherBatches() {
        return Stream.of(plan(1), plan(3));
    }

    @Override
    protected Stream<Refused<Rlhf.Plan>> refused() {
        Reward none = (prompt, response) -> 0;
        return Stream.of(
                new Refused<>(new Rlhf.Plan(2, 4, 6, "be", 0.05, 0.05, none), "stop"),
                new Refused<>(new Rlhf.Plan(2, 4, 9, " ", 0.05, 0.05, none), "length"));
    }

    @Override
    protected Map<String, Model> models() {
        Model model = Toys.bigram(data().dimensions().get("vocab"));
        return Map.of("model", model, "reference", model);
    }

    @Override
    protected Dataset data() {
        return PromptsTest.open(TEXTS);
    }

    @Override
    protected Optional<Tokenizer> tokenizer() {
        return Optional.of(Toys.tokenizer(Text.of(String.join("\n", TEXTS))));
    }

    /** Two rows of four targets: the first is one of the prompt, the last of the second row pads. */
    @Test
    void promptsAndPaddingHaveExactlyNoGradient() {
        float[] counted = {0, 1, 1, 1, 0, 1, 1, 0};
        var trace = new Tracer();
        var logits = trace.feed("logits", DType.F32, Shape.of(2, 4, 3));
        var objective = Rlhf.Objective.of(
                logits,
                trace.feed("reference", DType.F32, Shape.of(2, 4, 3)),
                trace.feed("targets", DType.I32, Shape.of(2, 4)),
                trace.feed("counted", DType.F32, Shape.of(2, 4)),
                trace.feed("advantages", DType.F32, Shape.of(2)),
                0.1);
        trace.output("gradient", Gradients.of(objective.loss(), List.of(logits)).getFirst());
        try (var bench = Bench.of(Toys.bigram(3), null, 1);
                var program = bench.prepare("gradient", trace.program())) {
            float[] scores = new float[24];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float) new CounterRandom(1, "scores").normal(i);
            }
            program.buffer("logits").write(scores);
            program.buffer("counted").write(counted);
            program.buffer("advantages").write(new float[] {1, -1});
            program.run();
            float[] gradient = new float[24];
            program.buffer("gradient").read(gradient);
            for (int i = 0; i < gradient.length; i++) {
                assertEquals(counted[i / 3] == 0, gradient[i] == 0, "element " + i);
            }
        }
    }
}
