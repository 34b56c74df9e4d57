package org.kolotoc.bench;

import java.util.Arrays;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.model.gpt.Gpt;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.model.gpt.GptSettings;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.Parameter;

/** Writes texts side by side as {@code kolotoc sample} does: the session that the model allows. */
final class KolotocGeneration implements StepWorker {
    private static final String MODEL = "model";

    private final GptConfig config;
    private final OurBackend ours;
    private final Bench bench;
    private final LanguageSession session;

    KolotocGeneration(GptConfig config, int sequences, OurBackend ours) {
        this.config = config;
        this.ours = ours;
        Gpt model = model(config);
        bench = new Bench(ProfiledBackend.of(ours.backend()), Map.of(MODEL, model), null, 1);
        for (Parameter parameter : model.parameters()) {
            bench.state().buffer(MODEL + "/" + parameter.name()).write(content(parameter));
        }
        session = LanguageSession.of(bench, MODEL, "session", sequences);
    }

    static Gpt model(GptConfig config) {
        GptSettings sizes = new GptSettings(
                config.layers(), config.heads(), config.width(), config.context(), 4, 0, true, true, true);
        return new GptFamily().create(sizes, Dimensions.of("vocab", config.vocab()));
    }

    /**
     * What both sides write with. The position says most about the next token, so that a text that was written from the
     * wrong place, or from another cache, is another text.
     */
    static float[] content(Parameter parameter) {
        CounterRandom random = new CounterRandom(1, parameter.name());
        float[] values = new float[parameter.shape().size()];
        double deviation = parameter.name().startsWith("position") ? 1 : 0.05;
        boolean gain = parameter.name().contains("norm") && parameter.name().endsWith("weight");
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((gain ? 1 : 0) + deviation * random.normal(i));
        }
        return values;
    }

    @Override
    public String name() {
        return ours.name();
    }

    @Override
    public double flops() {
        return ours.flops();
    }

    @Override
    public float step(long index) {
        session.reset();
        int[] text = new int[config.context()];
        int[] tokens = new int[session.rows()];
        Arrays.setAll(tokens, row -> first(index + row, config));
        for (int i = 0; i < text.length; i++) {
            float[][] logits = session.step(tokens);
            Arrays.setAll(tokens, row -> greatest(logits[row]));
            text[i] = tokens[0];
        }
        return mark(text);
    }

    /** The token that a text begins with. */
    static int first(long index, GptConfig config) {
        return (int) (index % config.vocab());
    }

    private static int greatest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    /** A number that tells one text from another. */
    static float mark(int[] text) {
        int mark = 0;
        for (int token : text) {
            mark = (31 * mark + token) % 100_003;
        }
        return mark;
    }

    @Override
    public void close() {
        session.close();
        bench.close();
        ours.close();
    }
}
