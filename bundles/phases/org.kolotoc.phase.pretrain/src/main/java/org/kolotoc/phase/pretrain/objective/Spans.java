package org.kolotoc.phase.pretrain.objective;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.api.text.Tokenizer;

/**
 * Spans of a text are taken out, and sentinels stand in their place; a decoder writes each sentinel and what it stands for,
 * then one more sentinel (Raffel et al., arXiv:1910.10683, figure 2 and section 3.1.4). What is read and what is written have
 * the same end.
 */
record Spans(SpanSettings settings) implements Objective {
    /** What ends a text, as tokenizers call it. */
    static final List<String> ENDS = List.of("</s>", "<end>", "<|endoftext|>", "[SEP]");

    static final String SIGNATURE = "i32 source[batch,from]; bool present[batch,from]; i32 target[batch,time] -> f32"
            + " logits[batch,time,vocab]";

    @Override
    public String signature() {
        return SIGNATURE;
    }

    /** Where every span is one token, all of the text and the end are read. */
    @Override
    public int longest(Model model) {
        int read = model.limits().getOr("from", Integer.MAX_VALUE);
        return read == Integer.MAX_VALUE ? read : read - 1;
    }

    @Override
    public Corruption corruption(Model model, Tokenizer tokenizer, int time) {
        if (time < 2) {
            throw InputError.field("context", time + " tokens can't be shown in part; expected at least 2");
        }
        int least = Math.max(1, (int) (settings.share() * time));
        int most = Math.min(time - 1, (int) (settings.share() * time) + 1);
        int spans = Math.clamp((int) (most / settings.span()) + 1, 1, Math.min(most, time - most + 1));
        int[] sentinels = sentinels(tokenizer);
        if (sentinels.length <= spans) {
            throw InputError.field(
                    "objective.sentinel",
                    "up to " + spans + " spans are taken out of " + time
                            + " tokens, one more sentinel follows the last, and the tokenizer has "
                            + sentinels.length + " special tokens " + settings.sentinel() + "0>, " + settings.sentinel()
                            + "1>, ...; expected at least " + (spans + 1)
                            + " among its \"specials\", or a smaller context");
        }
        int written = most + spans + 2;
        int limit = model.limits().getOr("time", written);
        if (written > limit) {
            throw InputError.field(
                    "objective.share",
                    "of " + time + " tokens up to " + most + " in " + spans + " spans are " + written
                            + " to write, and the model can write " + limit
                            + "; expected less, or a smaller context");
        }
        int end = new Named(tokenizer).token("end", settings.end(), ENDS);
        Rewriting rewriting = new Rewriting(start(model), Math.min(time, time - least + spans) + 1, written);
        return new SpanCorruption(settings, sentinels, spans, end, rewriting);
    }

    /** What a decoder begins with. */
    static int start(Model model) {
        return model instanceof EncoderDecoder known ? known.start() : 0;
    }

    private int[] sentinels(Tokenizer tokenizer) {
        Map<String, Integer> specials = tokenizer.specials();
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> settings.sentinel() + i + ">")
                .takeWhile(specials::containsKey)
                .mapToInt(specials::get)
                .toArray();
    }
}
