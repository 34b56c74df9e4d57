package org.kolotoc.engine;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.tensor.CounterRandom;

/** Lets the model write. The text depends on the seed, the step and the number of the sample alone. */
public final class Sampler implements AutoCloseable {
    private final Writing writing;
    private final SamplePlan plan;
    private final LanguageSession session;
    private final int[] prompt;

    /**
     * A sampler over the live weights.
     *
     * @throws InputError when the prompt has characters outside the vocabulary
     */
    public Sampler(Writing writing, SamplePlan plan) {
        this.writing = writing;
        this.plan = plan;
        this.prompt = encoded(writing.tokenizer(), plan.prompt());
        this.session = writing.session();
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
     * @return bytes that the writing will take beside the weights; 0 if the experiment wants no samples
     * @throws InputError with file and path
     */
    public static long check(Workbench bench, String source) {
        SamplePlan plan = bench.experiment().samples();
        if (plan == null) {
            return 0;
        }
        try (Sampler sampler = new Sampler(bench.writing(), plan)) {
            return sampler.session.bytes();
        } catch (InputError e) {
            Problems problems = new Problems(source);
            problems.add("$.samples" + (e.field().isEmpty() ? "" : "." + e.field()), e.getMessage());
            throw problems.error();
        }
    }

    /** Hears how far the writing is. */
    @FunctionalInterface
    public interface Listener {
        /**
         * So many of the tokens of all samples are written.
         *
         * @throws org.kolotoc.api.Stopped when somebody wants to stop; nothing is written then
         */
        void written(long tokens, long all);
    }

    /** Samples of a step, without the prompt. */
    public List<Sample> write(long step, Listener listener) {
        List<Sample> samples = new ArrayList<>();
        LanguageSession session = new ToldSession(this.session, (long) plan.count() * plan.length(), listener);
        for (int i = 0; i < plan.count(); i++) {
            CounterRandom random = new CounterRandom(writing.seed(), "sample/" + step + "/" + i);
            session.reset();
            int[] tokens = writing.decoder().decode(session, prompt, plan.length(), random);
            samples.add(Sample.text(writing.tokenizer().decode(tokens)));
        }
        return samples;
    }

    /** A session that tells of every token. */
    private static final class ToldSession implements LanguageSession {
        private final LanguageSession session;
        private final long all;
        private final Listener listener;
        private long tokens;

        ToldSession(LanguageSession session, long all, Listener listener) {
            this.session = session;
            this.all = all;
            this.listener = listener;
        }

        @Override
        public int vocab() {
            return session.vocab();
        }

        @Override
        public float[] extend(int token) {
            float[] logits = session.extend(token);
            listener.written(Math.min(++tokens, all), all);
            return logits;
        }

        @Override
        public long bytes() {
            return session.bytes();
        }

        @Override
        public void reset() {
            session.reset();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
