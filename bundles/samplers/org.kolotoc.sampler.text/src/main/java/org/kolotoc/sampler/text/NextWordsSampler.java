package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.LanguageSession;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of the table of next words: how likely a language model holds each word behind a prompt, words of several tokens
 * included. A sample is a line for each word, {@code <probability><tab><word>}, the likeliest first, and a last one for all
 * others together, whose word is empty; the probabilities add up to 1. Nothing is drawn: more samples are those of further
 * prompts.
 */
@Component
@Seat(kind = Seat.SAMPLER, id = "next-words", summary = "how likely a language model holds each next word")
public final class NextWordsSampler implements Sampler<NextWordsSettings> {
    private static final int ROWS = 16;

    @Override
    public Class<NextWordsSettings> settings() {
        return NextWordsSettings.class;
    }

    @Override
    public Needs needs(NextWordsSettings settings) {
        return Needs.none().model(TextSampler.MODEL, "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");
    }

    @Override
    public Sampling prepare(NextWordsSettings settings, ProgramContext context) {
        if (settings.prompts().isEmpty()) {
            throw InputError.field("prompts", "is empty; expected at least one text that words follow");
        }
        int limit = context.model(TextSampler.MODEL).limits().getOr("time", Integer.MAX_VALUE);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < settings.prompts().size(); i++) {
            String field = "prompts[" + i + "]";
            prompts.add(
                    TextSampler.encoded(context.tokenizer(), settings.prompts().get(i), field));
            TextSampler.tellCut(context.ledger(), field, prompts.getLast().length, limit);
        }
        LanguageSession session = LanguageSession.of(context, TextSampler.MODEL, "words", ROWS);
        return new Sampling() {
            @Override
            public List<Sample> draw(int count, String stream, Reached told) {
                List<Sample> samples = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    int prompt = i % prompts.size();
                    NextWords words = new NextWords(session, context.tokenizer(), prompts.get(prompt));
                    words.search(settings.most(), settings.rest());
                    samples.add(Sample.text(table(words, settings.words())));
                    told.reached(i + 1, count);
                }
                return samples;
            }

            /** The same probabilities of other words. */
            @Override
            public Map<String, List<Sample>> controls(List<Sample> samples) {
                return Map.of(
                        "permuted",
                        samples.stream()
                                .map(sample -> Sample.text(permuted(sample.text())))
                                .toList());
            }

            @Override
            public long bytes(int count) {
                return session.bytes();
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    private static String table(NextWords words, int most) {
        StringBuilder table = new StringBuilder();
        double named = 0;
        for (NextWords.Word word : words.likeliest(most)) {
            table.append(line(word.probability(), word.text()));
            named += word.probability();
        }
        return table.append(line(Math.max(0, 1 - named), "")).toString();
    }

    /** The words, each on the line of another; the last line is that of all others. */
    private static String permuted(String table) {
        List<String[]> lines = table.lines().map(line -> line.split("\t", -1)).toList();
        StringBuilder permuted = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            int other = i == lines.size() - 1 ? i : (i + 1) % (lines.size() - 1);
            permuted.append(lines.get(i)[0])
                    .append('\t')
                    .append(lines.get(other)[1])
                    .append('\n');
        }
        return permuted.toString();
    }

    private static String line(double probability, String word) {
        return String.format(Locale.ROOT, "%.9f\t%s\n", probability, word);
    }
}
