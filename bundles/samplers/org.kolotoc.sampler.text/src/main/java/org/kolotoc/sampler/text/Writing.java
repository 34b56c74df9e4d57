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

    /** @param prompts in tokens, taken in turn */
    Writing(TextSettings settings, ProgramContext context, List<int[]> prompts) {
        this.settings = settings;
        this.context = context;
        this.prompts = prompts;
    }

    /** A session for so many samples, which come in equal parts where they are more than may be written side by side. */
    private LanguageSession session(int count) {
        int rows = Math.ceilDiv(count, Math.ceilDiv(count, settings.batch()));
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
            List<Decoder.Prompt> beside = new ArrayList<>();
            for (int i = samples.size(); i < Math.min(count, samples.size() + listening.rows()); i++) {
                beside.add(new Decoder.Prompt(
                        prompts.get(i % prompts.size()), new CounterRandom(context.seed(), stream + "/" + i)));
            }
            for (int[] tokens : settings.decoder().decode(listening, beside, settings.length(), _ -> false)) {
                samples.add(Sample.text(context.tokenizer().decode(tokens)));
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
