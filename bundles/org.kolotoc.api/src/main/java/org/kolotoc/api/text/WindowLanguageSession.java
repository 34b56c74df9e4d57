package org.kolotoc.api.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Parameter;
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
    public static final Signature NEEDED = Signature.parse("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");

    /** Length of the window where the model sets no limit. */
    public static final int UNLIMITED = 256;

    private static final String MODEL = "model";

    private final int vocab;
    private final int[] window;
    private final int[] last = new int[1];
    private final float[] logits;
    private final Map<String, Buffer> own;
    private final Executable executable;
    private final Executable.Step step;
    private int count;

    /**
     * Compiles the reading of a window.
     *
     * @param weights the buffer of a parameter by its name in the model; not closed here
     * @throws InputError when the model has another signature
     */
    public WindowLanguageSession(Backend backend, Model model, Function<String, Buffer> weights) {
        if (!model.signature().offers(NEEDED)) {
            throw InputError.of(
                    "the model can't write text: expected the signature '" + NEEDED + "', it has '" + model.signature()
                            + "'",
                    "choose a language model");
        }
        this.window = new int[model.limits().getOr("time", UNLIMITED)];
        Program program = trace(model, window.length);
        Shape shape = program.outputs().get("logits").shape();
        this.vocab = shape.extent(-1);
        this.logits = new float[vocab];
        this.own = Map.of(
                "tokens", backend.allocate(DType.I32, Shape.of(1, window.length)),
                "last", backend.allocate(DType.I32, Shape.scalar()),
                "logits", backend.allocate(DType.F32, shape));
        Map<String, Buffer> buffers = new HashMap<>(own);
        List<String> parameters =
                model.parameters().stream().map(Parameter::name).toList();
        buffers.putAll(parameters.stream().collect(Collectors.toMap(name -> MODEL + "/" + name, weights)));
        this.executable = backend.compile(program);
        this.step = executable.bind(buffers);
    }

    private static Program trace(Model model, int time) {
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(1, time));
        Tensor last = tracer.feed("last", DType.I32, Shape.scalar());
        Tensor logits = model.forward(model.weights(tracer, MODEL), Map.of("tokens", tokens), Pass.INFERENCE)
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
        own.get("tokens").write(window);
        own.get("last").write(last);
        step.run();
        own.get("logits").read(logits);
        return logits;
    }

    @Override
    public void reset() {
        count = 0;
        Arrays.fill(window, 0);
    }

    @Override
    public void close() {
        executable.close();
        own.values().forEach(Buffer::close);
    }
}
