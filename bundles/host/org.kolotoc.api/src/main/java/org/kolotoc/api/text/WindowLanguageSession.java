package org.kolotoc.api.text;

import java.util.Arrays;
import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Signature;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * A session for any causal model of the signature {@link #NEEDED}: reads the whole window again for every token. Slow
 * and simple; a full window loses one token for each new one.
 *
 * <p>Positions behind the last token hold token 0, which a causal model doesn't see.
 */
public final class WindowLanguageSession implements LanguageSession {
    /** What a model must offer to be asked for the next token. */
    static final Signature NEEDED = Signature.parse("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");

    /** Length of the window where the model sets no limit. */
    static final int UNLIMITED = 256;

    private final int vocab;
    private final int[] window;
    private final int[] last = new int[1];
    private final float[] logits;
    private final BoundProgram program;
    private int count;

    /**
     * Compiles the reading of a window.
     *
     * @param formal the model by the asker's own name for it
     * @throws InputError when the model has another signature
     */
    public WindowLanguageSession(ProgramContext context, String formal) {
        Model model = context.model(formal);
        if (!model.signature().offers(NEEDED)) {
            throw InputError.of(
                    "the model can't write text: expected the signature '" + NEEDED + "', it has '" + model.signature()
                            + "'",
                    "choose a language model");
        }
        this.window = new int[model.limits().getOr("time", UNLIMITED)];
        this.program = context.prepare("window", trace(model, formal, window.length));
        this.vocab = program.buffer("logits").shape().extent(-1);
        this.logits = new float[vocab];
    }

    private static Program trace(Model model, String formal, int time) {
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(1, time));
        Tensor last = tracer.feed("last", DType.I32, Shape.scalar());
        Tensor logits = model.forward(model.weights(tracer, formal), Map.of("tokens", tokens), Pass.inference())
                .get("logits");
        tracer.output("logits", logits.dynamicSlice(1, last, 1));
        return tracer.program();
    }

    @Override
    public int vocab() {
        return vocab;
    }

    @Override
    public float[] extend(int token) {
        if (count == window.length) {
            System.arraycopy(window, 1, window, 0, --count);
        }
        window[count] = token;
        last[0] = count++;
        program.buffer("tokens").write(window);
        program.buffer("last").write(last);
        program.run();
        program.buffer("logits").read(logits);
        return logits;
    }

    @Override
    public long bytes() {
        return program.explain().scratchBytes() + program.explain().feedBytes();
    }

    @Override
    public void reset() {
        count = 0;
        Arrays.fill(window, 0);
    }

    @Override
    public void close() {
        program.close();
    }
}
