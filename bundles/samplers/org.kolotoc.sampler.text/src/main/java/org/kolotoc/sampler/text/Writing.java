package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.tensor.CounterRandom;

/**
 * Writes one sample after the other, without its prompt.
 *
 * @param prompts in tokens, taken in turn
 */
record Writing(TextSettings settings, ProgramContext context, List<int[]> prompts, LanguageSession session)
        implements Sampling {
    @Override
    public List<Sample> draw(int count, String stream, Reached told) {
        List<Sample> samples = new ArrayList<>();
        LanguageSession listening = new ToldSession(session, (long) count * settings.length(), told);
        for (int i = 0; i < count; i++) {
            CounterRandom random = new CounterRandom(context.seed(), stream + "/" + i);
            listening.reset();
            int[] prompt = prompts.get(i % prompts.size());
            int[] tokens = settings.decoder().decode(listening, prompt, settings.length(), random);
            samples.add(Sample.text(context.tokenizer().decode(tokens)));
        }
        return samples;
    }

    @Override
    public long bytes() {
        return session.bytes();
    }

    @Override
    public Map<String, List<Sample>> controls(List<Sample> samples) {
        return context.data() instanceof TextDataset text ? TextControls.of(samples, text, context.seed()) : Map.of();
    }

    @Override
    public void close() {
        session.close();
    }
}
