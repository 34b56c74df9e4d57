package org.kolotoc.model.rnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.model.rnn.RnnSettings.Cell;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

class RnnTest {
    private static Rnn rnn(Cell cell, boolean tied) {
        return new Rnn(new RnnSettings(cell, 2, 16, 256, 0, tied), Dimensions.of("vocab", 30));
    }

    @Test
    void tiedWeightsAreOneTableLess() {
        assertEquals(numbers(rnn(Cell.GRU, false)), numbers(rnn(Cell.GRU, true)) + 30 * 16);
        assertEquals(2 * (16 * 48 + 48) * 2 + 30 * 16, numbers(rnn(Cell.GRU, true)));
    }

    private static long numbers(Rnn rnn) {
        return rnn.parameters().stream().mapToLong(p -> p.shape().size()).sum();
    }

    /** What it remembers is as large for a long text as for a short one. */
    @Test
    void theCacheDoesNotGrow() {
        assertEquals(rnn(Cell.LSTM, true).cache(3, 10), rnn(Cell.LSTM, true).cache(3, 1000));
    }

    @Test
    void kernelsOfATrainingStepDoNotGrowWithTime() {
        assertEquals(kernels(8), kernels(256));
        assertTrue(kernels(256) < 100, () -> kernels(256) + " kernels");
    }

    private static long kernels(int time) {
        Rnn rnn = rnn(Cell.LSTM, false);
        Tracer tracer = new Tracer();
        Weights weights = Weights.states(tracer, "model", rnn.parameters());
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(2, time));
        Tensor logits =
                rnn.forward(weights, Map.of("tokens", tokens), Pass.inference()).get("logits");
        List<Tensor> leaves = weights.all(List.<Parameter>copyOf(rnn.parameters()));
        List<Tensor> gradients = Gradients.of(logits.sin().slice(1, 0, 1).sum(), leaves);
        for (int i = 0; i < leaves.size(); i++) {
            tracer.update(leaves.get(i), leaves.get(i).sub(gradients.get(i)));
        }
        try (CpuBackend backend = new CpuBackend(1);
                Executable executable = backend.compile(tracer.program())) {
            return executable.explain().kernels().size();
        }
    }
}
