package org.kolotoc.bench.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.compiler.Compiler;
import org.kolotoc.tensor.Program;

final class KernelCaseTest {
    @Test
    void everyKernelHasANameOfItsOwnAndAProgram() {
        List<KernelCase> all = KernelCase.all();
        assertEquals(all.size(), all.stream().map(KernelCase::name).distinct().count());
        for (KernelCase kernel : all) {
            Program program = kernel.program();
            assertFalse(program.outputs().isEmpty() && program.updates().isEmpty(), kernel.name());
        }
        for (String wanted : List.of(
                "qkv-A",
                "logits-C-gradient",
                "gelu-B",
                "softmax-B",
                "layerNorm-C",
                "crossEntropy-C-gradient",
                "adamw-C",
                "gather-C",
                "scatterAdd-C",
                "gru-256",
                "lstm-256-gradient",
                "conv-dcgan2-64",
                "conv-dcgan2-64-images",
                "conv-unet14x128-32-weights",
                "attention-B")) {
            assertTrue(KernelBench.names().contains(wanted), wanted);
        }
    }

    @Test
    void aKernelRuns() {
        KernelBenchmark benchmark = new KernelBenchmark();
        benchmark.kernel = "logits-A";
        benchmark.threads = 1;
        benchmark.compile();
        benchmark.run();
        assertEquals(2L * 768 * 128 * 65, benchmark.explain().flops());
        benchmark.close();
    }

    @Test
    void aConvolutionRuns() {
        KernelBenchmark benchmark = new KernelBenchmark();
        benchmark.kernel = "conv-unet7x128-32-weights";
        benchmark.threads = 1;
        benchmark.compile();
        benchmark.run();
        assertEquals(2L * 32 * 128 * 128 * 9 * 7 * 7, benchmark.explain().flops());
        benchmark.close();
    }

    /** The loop has as many kernels as a few steps, its steps spelled out some for each of them. */
    @Test
    void aRecurrentLayerHasFewKernels() {
        assertTrue(kernels("gru-256-gradient") < 30, () -> kernels("gru-256-gradient") + " kernels");
        assertTrue(kernels("gru-256-spelled") > 5 * 256, () -> kernels("gru-256-spelled") + " kernels");
    }

    private static int kernels(String name) {
        KernelCase found = KernelCase.all().stream()
                .filter(kernel -> kernel.name().equals(name))
                .findFirst()
                .orElseThrow();
        return Compiler.compile(found.program())
                .explain(found.program(), 0)
                .kernels()
                .size();
    }
}
