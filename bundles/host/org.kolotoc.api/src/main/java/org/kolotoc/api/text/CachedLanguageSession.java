package org.kolotoc.api.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.ProgramContext;
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
    private final BoundProgram program;
    private final long bytes;
    private int count;

    /**
     * Compiles the reading of one token.
     *
     * @param formal the model by the asker's own name for it
     */
    public CachedLanguageSession(ProgramContext context, String formal, IncrementalModel model) {
        this.read = new int[model.limits().get("time")];
        List<Parameter> cache = model.cache(1);
        String owner = formal + "-cache";
        context.state().declareScratch(owner, cache);
        this.program = context.prepare("extend", trace(model, formal, owner, cache));
        this.vocab = program.buffer("logits").shape().extent(-1);
        this.logits = new float[vocab];
        this.bytes = program.explain().scratchBytes()
                + program.explain().feedBytes()
                + cache.stream()
                        .mapToLong(parameter -> parameter.shape().bytes())
                        .sum();
    }

    private static Program trace(IncrementalModel model, String formal, String owner, List<Parameter> cached) {
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(1, 1));
        Tensor position = tracer.feed("position", DType.I32, Shape.scalar());
        Map<String, Tensor> leaves = new LinkedHashMap<>();
        for (Parameter parameter : cached) {
            leaves.put(
                    parameter.name(),
                    tracer.state(owner + "/" + parameter.name(), parameter.dtype(), parameter.shape()));
        }
        Weights cache = leaves::get;
        IncrementalModel.Extension extension = model.extend(model.weights(tracer, formal), tokens, position, cache);
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
        return bytes;
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
