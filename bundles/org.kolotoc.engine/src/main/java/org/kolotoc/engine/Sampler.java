package org.kolotoc.engine;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.tensor.CounterRandom;

/** Lets the model write. The text depends on the seed, the step and the number of the sample alone. */
public final class Sampler implements AutoCloseable {
    private final Workbench bench;
    private final SamplePlan plan;
    private final Tokenizer tokenizer;
    private final LanguageSession session;
    private final int[] prompt;

    /**
     * A sampler over the live weights.
     *
     * @throws InputError when the prompt has characters outside the vocabulary, or the data is no text
     */
    public Sampler(Workbench bench, SamplePlan plan) {
        this.bench = bench;
        this.plan = plan;
        if (!(bench.data() instanceof TextDataset text) || !bench.models().containsKey("model")) {
            throw InputError.of(
                    "samples are written by a language model over text, and this experiment has none",
                    "take \"samples\" out of the experiment");
        }
        Model model = bench.models().get("model");
        this.tokenizer = text.tokenizer();
        this.prompt = encoded(tokenizer, plan.prompt());
        this.session = bench.session(model, "model");
    }

    private static int[] encoded(Tokenizer tokenizer, String prompt) {
        int[] tokens;
        try {
            tokens = tokenizer.encode(prompt);
        } catch (InputError e) {
            throw InputError.field("prompt", e.getMessage() + "; " + e.next());
        }
        if (tokens.length == 0) {
            throw InputError.field("prompt", "the prompt is empty; expected at least one token to go on from");
        }
        return tokens;
    }

    /**
     * Finds what would keep an experiment from writing its samples, before a step is taken.
     *
     * @param source of the experiment, for the message
     * @throws InputError with file and path
     */
    public static void check(Workbench bench, String source) {
        SamplePlan plan = bench.experiment().samples();
        if (plan == null) {
            return;
        }
        Problems problems = new Problems(source);
        try (Sampler _ = new Sampler(bench, plan)) {
            problems.refuse();
        } catch (InputError e) {
            problems.add("$.samples" + (e.field().isEmpty() ? "" : "." + e.field()), e.getMessage());
        }
        problems.refuse();
    }

    /** Samples of a step, without the prompt. */
    public List<Sample> write(long step) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < plan.count(); i++) {
            CounterRandom random = new CounterRandom(bench.experiment().seed(), "sample/" + step + "/" + i);
            session.reset();
            samples.add(Sample.text(tokenizer.decode(bench.decode(session, prompt, plan.length(), random))));
        }
        return samples;
    }

    @Override
    public void close() {
        session.close();
    }
}
