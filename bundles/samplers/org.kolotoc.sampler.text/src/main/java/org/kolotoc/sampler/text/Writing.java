package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.tensor.CounterRandom;

/** Writes samples side by side, without their prompts. The random numbers of a sample are its own, whatever is beside it. */
final class Writing implements Sampling {
    private static final String SESSION = "session";

    private final TextSettings settings;
    private final ProgramContext context;
    private final List<int[]> prompts;

    /** Of as many rows as the samples needed that were drawn last; null before. */
    private LanguageSession session;

    private final Stops stops;

    /** @param prompts in tokens, taken in turn */
    Writing(TextSettings settings, ProgramContext context, List<int[]> prompts) {
        this.stops = Stops.of(settings.stop(), context.tokenizer());
        this.settings = settings;
        this.context = context;
        this.prompts = prompts;
    }

    /** Samples that are written side by side: equal parts where they are more than may be. */
    private int beside(int count) {
        return Math.ceilDiv(count, Math.ceilDiv(count, settings.batch()));
    }

    /** What some of the samples go on from. */
    private List<Decoder.Prompt> prompts(int from, int to, String stream) {
        List<Decoder.Prompt> beside = new ArrayList<>();
        for (int i = from; i < to; i++) {
            beside.add(new Decoder.Prompt(
                    prompts.get(i % prompts.size()),
                    new CounterRandom(context.seed(), stream + "/" + i),
                    i / prompts.size()));
        }
        return beside;
    }

    /** A session for so many samples. */
    private LanguageSession session(int count) {
        int rows = 1;
        for (int from = 0; from < count; from += beside(count)) {
            int to = Math.min(count, from + beside(count));
            rows = Math.max(rows, settings.decoder().rows(prompts(from, to, "")));
        }
        if (session == null || session.rows() != rows) {
            close();
            session = LanguageSession.of(context, TextSampler.MODEL, SESSION, rows);
        }
        return session;
    }

    @Override
    public List<Sample> draw(int count, String stream, Reached told) {
        LanguageSession listening = new ToldSession(session(count), (long) count * settings.length(), told);
        List<Sample> samples = new ArrayList<>();
        while (samples.size() < count) {
            int to = Math.min(count, samples.size() + beside(count));
            List<Decoder.Prompt> beside = prompts(samples.size(), to, stream);
            for (int[] tokens : settings.decoder().decode(listening, beside, settings.length(), stops::isEnd)) {
                samples.add(Sample.text(stops.cut(context.tokenizer().decode(tokens))));
            }
        }
        return samples;
    }

    @Override
    public long bytes(int count) {
        if (prompts.size() > count) {
            context.ledger()
                    .note(
                            Ledger.Kind.SKIPPED,
                            "prompts",
                            "of " + prompts.size() + " prompts the first " + count
                                    + " are continued, one a sample; give as large a \"count\"");
        }
        return session(count).bytes();
    }

    @Override
    public Map<String, List<Sample>> controls(List<Sample> samples) {
        return context.data() instanceof TextDataset text ? TextControls.of(samples, text, context.seed()) : Map.of();
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
