package org.kolotoc.engine;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;
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
        this.prompt = tokenizer.encode(plan.prompt());
        if (prompt.length == 0) {
            throw InputError.of("$.samples.prompt is empty; a model needs at least one token to go on from", "");
        }
        this.session = bench.session(model, "model");
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
