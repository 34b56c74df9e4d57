package org.kolotoc.api.text;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * A session that computes one token at a time and remembers the rest. The weights are the live buffers: what training
 * does to them shows at once, so {@link #reset} before a new text.
 *
 * <p>When the context is full, the last {@link #KEPT} of it is read again and the rest forgotten.
 */
public final class CachedLanguageSession implements LanguageSession {
    /** Share of a full context that is kept. Less forgets more, more reads again more often. */
    public static final double KEPT = 0.5;

    private final int vocab;
    private final int[] read;
    private final int[] token = new int[1];
    private final int[] position = new int[1];
    private final float[] logits;
    private final LiveProgram program;
    private int count;

    /**
     * Compiles the reading of one token.
     *
     * @param weights the buffer of a parameter by its name in the model; not closed here
     */
    public CachedLanguageSession(Backend backend, IncrementalModel model, Function<String, Buffer> weights) {
        this.read = new int[model.limits().get("time")];
        Program program = trace(model);
        this.vocab = program.outputs().get("logits").shape().extent(-1);
        this.logits = new float[vocab];
        this.program = new LiveProgram(backend, program, weights);
    }

    private static Program trace(IncrementalModel model) {
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(1, 1));
        Tensor position = tracer.feed("position", DType.I32, Shape.scalar());
        Map<String, Tensor> leaves = new LinkedHashMap<>();
        for (Parameter parameter : model.cache(1)) {
            leaves.put(
                    parameter.name(), tracer.state("cache/" + parameter.name(), parameter.dtype(), parameter.shape()));
        }
        Weights cache = leaves::get;
        IncrementalModel.Extension extension =
                model.extend(model.weights(tracer, LiveProgram.MODEL), tokens, position, cache);
        extension.cache().forEach((name, value) -> tracer.update(leaves.get(name), value));
        tracer.output("logits", extension.logits());
        return tracer.program();
    }

    @Override
    public int vocab() {
        return vocab;
    }

    @Override
    public float[] extend(int next) {
        if (count == read.length) {
            int kept = (int) (read.length * KEPT);
            int from = read.length - kept;
            count = 0;
            for (int i = 0; i < kept; i++) {
                append(read[from + i]);
            }
        }
        append(next);
        program.buffer("logits").read(logits);
        return logits;
    }

    private void append(int next) {
        token[0] = next;
        position[0] = count;
        program.buffer("tokens").write(token);
        program.buffer("position").write(position);
        program.run();
        read[count++] = next;
    }

    @Override
    public long bytes() {
        return program.bytes();
    }

    @Override
    public void reset() {
        count = 0;
    }

    @Override
    public void close() {
        program.close();
    }
}
