package org.kolotoc.sampler.text;

import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Windows that move over a text, several side by side: what a model says of each token, given those before in its window. */
final class Windows implements AutoCloseable {
    /** Tokens of a window where the model sets no limit. */
    static final int USUAL = 1024;

    private final BoundProgram program;
    private final int batch;
    private final int time;
    private final int stride;

    Windows(ProgramContext context, int batch, int time, int stride) {
        this.batch = batch;
        this.time = time;
        this.stride = stride;
        Model model = context.model(TextSampler.MODEL);
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(batch, time));
        Tensor targets = tracer.feed("targets", DType.I32, Shape.of(batch, time));
        Tensor logits = model.forward(
                        model.weights(tracer, TextSampler.MODEL), Map.of("tokens", tokens), Pass.inference())
                .get("logits");
        tracer.output("losses", Functions.crossEntropy(logits, targets));
        this.program = context.prepare("perplexity", tracer.program());
    }

    /** The sum of the losses of all tokens but the first, each counted once, in nats. */
    double sum(int[] text, Reached told) {
        int targets = text.length - 1;
        int windows = 1 + Math.ceilDiv(Math.max(0, targets - time), stride);
        int[] tokens = new int[batch * time];
        int[] following = new int[batch * time];
        float[] losses = new float[batch * time];
        double sum = 0;
        for (int first = 0; first < windows; first += batch) {
            int rows = Math.min(batch, windows - first);
            for (int row = 0; row < rows; row++) {
                int begin = (first + row) * stride;
                int length = Math.min(time, targets - begin);
                System.arraycopy(text, begin, tokens, row * time, length);
                System.arraycopy(text, begin + 1, following, row * time, length);
            }
            program.buffer("tokens").write(tokens);
            program.buffer("targets").write(following);
            program.run();
            program.buffer("losses").read(losses);
            for (int row = 0; row < rows; row++) {
                int begin = (first + row) * stride;
                int length = Math.min(time, targets - begin);
                // What the window before had counted there.
                for (int i = first + row == 0 ? 0 : time - stride; i < length; i++) {
                    sum += losses[row * time + i];
                }
            }
            told.reached(first + rows, windows);
        }
        return sum;
    }

    /** What they take beside the weights. */
    long bytes() {
        return program.explain().scratchBytes() + program.explain().feedBytes();
    }

    @Override
    public void close() {
        program.close();
    }
}
