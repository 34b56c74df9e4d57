package org.kolotoc.api.text;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
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

    private static final String MODEL = "model";

    private final int vocab;
    private final int[] read;
    private final int[] token = new int[1];
    private final int[] position = new int[1];
    private final float[] logits;
    private final Map<String, Buffer> own = new HashMap<>();
    private final Executable executable;
    private final Executable.Step step;
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
        Map<String, Buffer> buffers = new HashMap<>();
        for (Parameter parameter : model.parameters()) {
            buffers.put(MODEL + "/" + parameter.name(), weights.apply(parameter.name()));
        }
        program.inputs().forEach((name, leaf) -> {
            if (!buffers.containsKey(name)) {
                own.put(name, backend.allocate(leaf.dtype(), leaf.shape()));
            }
        });
        own.put(
                "logits",
                backend.allocate(DType.F32, program.outputs().get("logits").shape()));
        buffers.putAll(own);
        this.executable = backend.compile(program);
        this.step = executable.bind(buffers);
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
        IncrementalModel.Extension extension = model.extend(model.weights(tracer, MODEL), tokens, position, cache);
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
        own.get("logits").read(logits);
        return logits;
    }

    private void append(int next) {
        token[0] = next;
        position[0] = count;
        own.get("tokens").write(token);
        own.get("position").write(position);
        step.run();
        read[count++] = next;
    }

    @Override
    public void reset() {
        count = 0;
    }

    @Override
    public void close() {
        executable.close();
        own.values().forEach(Buffer::close);
    }
}
