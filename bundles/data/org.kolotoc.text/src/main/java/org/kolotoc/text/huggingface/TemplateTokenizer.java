package org.kolotoc.text.huggingface;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.text.Tokenizer;

/** Puts tokens around each text; decoding leaves them out where they are. No place is known where a text may be cut. */
record TemplateTokenizer(Tokenizer tokenizer, Template template) implements Tokenizer {
    @Override
    public int vocab() {
        return tokenizer.vocab();
    }

    @Override
    public int[] gaps() {
        return tokenizer.gaps();
    }

    @Override
    public Map<String, Integer> specials() {
        return tokenizer.specials();
    }

    /** Nothing has no tokens, with or without a template. */
    @Override
    public int[] encode(String text) {
        int[] tokens = tokenizer.encode(text);
        return text.isEmpty()
                ? tokens
                : Stream.of(
                                template.before().stream().mapToInt(Integer::intValue),
                                IntStream.of(tokens),
                                template.after().stream().mapToInt(Integer::intValue))
                        .flatMapToInt(part -> part)
                        .toArray();
    }

    @Override
    public String decode(int[] tokens) {
        int from = starts(tokens, 0, template.before()) ? template.before().size() : 0;
        int last = tokens.length - template.after().size();
        int to = last >= from && starts(tokens, last, template.after()) ? last : tokens.length;
        return tokenizer.decode(Arrays.copyOfRange(tokens, from, to));
    }

    private static boolean starts(int[] tokens, int at, List<Integer> part) {
        return at + part.size() <= tokens.length
                && IntStream.range(0, part.size()).allMatch(i -> tokens[at + i] == part.get(i));
    }

    @Override
    public String state() {
        return tokenizer.state();
    }
}
