package org.kolotoc.phase.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.nn.Dropout;
import org.kolotoc.phase.pretrain.PretrainSettings.Recompute;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchState;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Blocks computed again, of a batch in parts: all that holds of the phase holds, and no bit changes. */
class RecomputationTest extends PhaseConformance<PretrainSettings> {
    private static final int WIDTH = 8;

    @Override
    protected Phase<PretrainSettings> phase() {
        return new Pretrain();
    }

    @Override
    protected PretrainSettings settings() {
        return PretrainTest.with(PretrainTest.settings(4, 0, 2, 1e-3), Recompute.BLOCKS);
    }

    /** A table of vectors, two blocks that add to them, and logits. */
    @Override
    protected Map<String, Model> models() {
        int vocab = data().dimensions().get("vocab");
        Initializer normal = new Initializer.Normal(0.3);
        return Map.of(
                "model",
                Model.of(
                        "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]",
                        Dimensions.of("time", 16),
                        List.of(
                                Parameter.of("table", normal, vocab, WIDTH),
                                Parameter.of("block0", normal, WIDTH, WIDTH),
                                Parameter.of("block1", normal, WIDTH, WIDTH),
                                Parameter.of("head", normal, WIDTH, vocab)),
                        (weights, inputs, pass) -> {
                            Dropout dropout = new Dropout(0.1, pass.key());
                            Tensor x = weights.get("table").gather(inputs.get("tokens"));
                            for (String block : List.of("block0", "block1")) {
                                try (Tracer.Scope _ = x.tracer().segment(block)) {
                                    x = x.add(dropout.apply(
                                            x.matmul(weights.get(block)).tanh()));
                                }
                            }
                            return Map.of("logits", x.matmul(weights.get("head")));
                        }));
    }

    @Test
    void noBitDiffersFromWhatIsKept() {
        assertEquals("", after(settings()).difference(after(PretrainTest.with(settings(), Recompute.NONE))));
    }

    private BenchState.Snapshot after(PretrainSettings settings) {
        try (Bench bench = new Bench(backend(), models(), data(), 1)) {
            bench.train(phase(), settings, 0, 4);
            return bench.state().snapshot();
        }
    }
}
