package org.kolotoc.tests;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The first experiment, so small that a run takes seconds: one layer, 16 wide, 20,000 characters. */
final class Tiny {
    private Tiny() {}

    /** Arguments of a run that trains by the experiment's own phase. */
    static Object[] run(Path out, int steps, Object... more) {
        return with("{\"id\":\"pretrain\",\"steps\":" + steps + ",\"batch\":12,\"learningRate\":0.003}", out, more);
    }

    /** Arguments of a run that trains by one phase, given as JSON. */
    static Object[] with(String phase, Path out, Object... more) {
        List<Object> line =
                new ArrayList<>(List.of("run", Assembled.PROJECT.resolve("examples/experiments/first.json")));
        for (String set : List.of(
                "data.characters=20000",
                "model={\"id\":\"gpt\",\"layers\":1,\"heads\":4,\"width\":16,\"context\":16}",
                "phases=[" + phase + "]",
                "checkpointEvery=0",
                "evaluateAt=[0]",
                "samples=null",
                "metrics=[]",
                "criteria=[]")) {
            line.addAll(List.of("--set", set));
        }
        line.addAll(List.of("--out", out));
        line.addAll(List.of(more));
        return line.toArray();
    }

    /** The tensors of a run's checkpoint. */
    static Path state(Path run, int step) {
        return run.resolve(String.format("checkpoints/step-%08d/state.safetensors", step));
    }
}
