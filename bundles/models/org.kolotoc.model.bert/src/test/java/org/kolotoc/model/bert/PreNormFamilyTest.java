package org.kolotoc.model.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Pass;
import org.kolotoc.model.bert.BertSettings.Head;
import org.kolotoc.model.bert.BertSettings.Pooling;
import org.kolotoc.nn.TransformerBlock.Placement;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenModel;
import org.kolotoc.tck.ModelFamilyConformance;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Norms before blocks, and classes of the mean of all tokens. */
class PreNormFamilyTest extends ModelFamilyConformance<BertSettings> {
    private static final int WIDTH = 8;

    @Override
    protected ModelFamily<BertSettings> family() {
        return new BertFamily();
    }

    @Override
    protected BertSettings settings() {
        return BertFamilyTest.bert(2, 0, Head.CLASSIFIER, Placement.PRE, Pooling.MEAN);
    }

    @Override
    protected boolean written() {
        return false;
    }

    /** What pads counts neither in the sum nor in the number; hidden states have the mean 0 and the variance 1. */
    @Test
    void classesAreOfTheMeanOfTheTokensThatArePresent() {
        Model model = family().create(settings(), Dimensions.of("vocab", 5));
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = Map.of(
                "tokens", tracer.feed("tokens", DType.I32, Shape.of(2, 4)),
                "present", tracer.feed("present", DType.BOOL, Shape.of(2, 4)));
        model.forward(model.weights(tracer, "model"), inputs, Pass.inference()).forEach(tracer::output);
        try (Bench bench = Bench.of(model, null, 1);
                BoundProgram program = bench.prepare("classes", tracer.program())) {
            program.buffer("tokens").write(new int[] {1, 2, 3, 4, 4, 3, 0, 0});
            program.buffer("present").write(new int[] {1, 1, 1, 1, 1, 1, 0, 0});
            program.run();
            float[] hidden = GoldenModel.read(program, "hidden");
            float[] pooled = GoldenModel.read(program, "pooled");
            int[] present = {4, 2};
            for (int row = 0; row < 2; row++) {
                for (int at = 0; at < WIDTH; at++) {
                    double sum = 0;
                    for (int token = 0; token < present[row]; token++) {
                        sum += hidden[(row * 4 + token) * WIDTH + at];
                    }
                    assertEquals(sum / present[row], pooled[row * WIDTH + at], 1e-5);
                }
            }
            double mean = 0;
            double square = 0;
            for (int at = 0; at < WIDTH; at++) {
                mean += hidden[at] / WIDTH;
                square += hidden[at] * hidden[at] / WIDTH;
            }
            assertEquals(0, mean, 1e-5);
            assertEquals(1, square, 1e-2);
            program.buffer("tokens").write(new int[] {1, 2, 3, 4, 4, 3, 2, 1});
            program.run();
            float[] classes = GoldenModel.read(program, "pooled");
            for (int at = 0; at < 2 * WIDTH; at++) {
                assertEquals(pooled[at], classes[at], 1e-6, "what is not present counts");
            }
            program.buffer("tokens").write(new int[] {1, 2, 3, 3, 4, 3, 2, 1});
            program.run();
            assertNotEquals(pooled[0], GoldenModel.read(program, "pooled")[0]);
            assertTrue(model.parameters().stream().noneMatch(each -> each.name().startsWith("pooler")));
        }
    }
}
