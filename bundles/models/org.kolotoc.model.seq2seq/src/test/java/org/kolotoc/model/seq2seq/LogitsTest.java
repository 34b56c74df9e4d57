package org.kolotoc.model.seq2seq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenModel;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** BART has a number for each token that is added to its logits; checkpoints have zeros there. */
class LogitsTest {
    @Test
    void everyTokenOfBartHasABias() {
        Seq2Seq model = new Seq2SeqFamily().create(T5FamilyTest.bart(), Dimensions.of("vocab", 3));
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = Map.of(
                "source", tracer.feed("source", DType.I32, Shape.of(1, 2)),
                "target", tracer.feed("target", DType.I32, Shape.of(1, 1)));
        tracer.output(
                "logits",
                model.forward(model.weights(tracer, "model"), inputs, Pass.inference())
                        .get("logits"));
        try (Bench bench = Bench.of(model, null, 1);
                BoundProgram program = bench.prepare("logits", tracer.program())) {
            program.run();
            float[] before = GoldenModel.read(program, "logits");
            bench.state().buffer("model/head.bias").write(new float[] {0.5f, 0, -2});
            program.run();
            float[] after = GoldenModel.read(program, "logits");
            assertEquals(before[0] + 0.5, after[0], 1e-6);
            assertEquals(before[1], after[1], 1e-6);
            assertEquals(before[2] - 2, after[2], 1e-6);
        }
    }
}
