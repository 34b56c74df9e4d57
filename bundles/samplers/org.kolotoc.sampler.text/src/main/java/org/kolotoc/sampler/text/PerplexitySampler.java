package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.text.IncrementalModel;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of how well a language model foretells texts. A window as long as its context moves over a text; every token counts
 * once, in the first window that has it, and sees all that the window has before it. A sample is a line for each figure, {@code
 * <name><tab><value>}: {@code tokens} that counted, {@code bytes} of their text, {@code loss}, the mean of their negative
 * logarithms, {@code perplexity}, its exponential, and {@code bits/byte}, which does not depend on the tokenizer. Nothing is
 * drawn: more samples are those of further texts.
 */
@Component
@Seat(kind = Seat.SAMPLER, id = "perplexity", summary = "how well a language model foretells texts")
public final class PerplexitySampler implements Sampler<PerplexitySettings> {
    @Override
    public Class<PerplexitySettings> settings() {
        return PerplexitySettings.class;
    }

    @Override
    public Needs needs(PerplexitySettings settings) {
        return Needs.none().model(TextSampler.MODEL, "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");
    }

    @Override
    public Sampling prepare(PerplexitySettings settings, ProgramContext context) {
        if (settings.texts().isEmpty()) {
            throw InputError.field("texts", "is empty; expected at least one text");
        }
        IncrementalModel.of(context.model(TextSampler.MODEL));
        int[] begin = begin(settings, context);
        List<Measured> texts = new ArrayList<>();
        for (int i = 0; i < settings.texts().size(); i++) {
            String field = "texts[" + i + "]";
            int[] tokens = ChatTokens.joined(
                    begin,
                    TextSampler.encoded(context.tokenizer(), settings.texts().get(i), field));
            if (tokens.length < 2) {
                throw InputError.field(
                        field, "is one token, which nothing comes before; expected more, or \"begin\" that names one");
            }
            texts.add(Measured.of(settings.texts().get(i), tokens, begin.length == 0, context.tokenizer()));
        }
        int longest =
                texts.stream().mapToInt(text -> text.tokens().length).max().orElseThrow() - 1;
        int time = Math.min(longest, context.model(TextSampler.MODEL).limits().getOr("time", Windows.USUAL));
        int stride = settings.stride() == 0 ? Math.ceilDiv(time, 2) : settings.stride();
        if (stride > time && longest > time) {
            throw InputError.field(
                    "stride", "is " + stride + ", and a window has " + time + " tokens; expected at most as many");
        }
        Windows windows = new Windows(context, settings.batch(), time, stride);
        return new Sampling() {
            @Override
            public List<Sample> draw(int count, String stream, Reached told) {
                List<Sample> samples = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    int before = i;
                    Measured text = texts.get(i % texts.size());
                    double sum = windows.sum(
                            text.tokens(), (done, all) -> told.reached((long) before * all + done, (long) count * all));
                    samples.add(Sample.text(text.figures(sum)));
                }
                return samples;
            }

            @Override
            public long bytes(int count) {
                return windows.bytes();
            }

            @Override
            public void close() {
                windows.close();
            }
        };
    }

    private static int[] begin(PerplexitySettings settings, ProgramContext context) {
        if (settings.begin().isEmpty()) {
            return new int[0];
        }
        Integer token = context.tokenizer().specials().get(settings.begin());
        if (token == null) {
            throw InputError.field(
                    "begin",
                    "the tokenizer has no special token '" + settings.begin() + "', only "
                            + context.tokenizer().specials().keySet());
        }
        return new int[] {token};
    }
}
