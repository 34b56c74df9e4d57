package org.kolotoc.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;

/** A text cut into a training and a validation part, both as tokens. */
final class TextData implements TextDataset {
    static final String TRAIN = "train";
    static final String VALIDATION = "validation";

    private final Tokenizer tokenizer;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, int[]> tokens = new LinkedHashMap<>();

    /**
     * Cuts a text in two and reads both parts with the tokenizer that the first one gives.
     *
     * @param share of the characters that come first and are for training
     */
    TextData(String text, double share, DataContext context) {
        int cut = (int) (share * text.length());
        if (cut > 0 && cut < text.length() && Character.isLowSurrogate(text.charAt(cut))) {
            cut--;
        }
        texts.put(TRAIN, text.substring(0, cut));
        texts.put(VALIDATION, text.substring(cut));
        tokenizer = context.tokenizer(texts.get(TRAIN));
        texts.forEach((split, part) -> tokens.put(split, encode(split, part)));
    }

    private int[] encode(String split, String part) {
        try {
            return tokenizer.encode(part);
        } catch (InputError e) {
            throw InputError.of("in the " + split + " part of the text: " + e.getMessage(), e.next(), e);
        }
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public String text(String split) {
        return part(texts, split);
    }

    @Override
    public Dimensions dimensions() {
        return Dimensions.of("vocab", tokenizer.vocab());
    }

    @Override
    public List<String> splits() {
        return List.copyOf(texts.keySet());
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        return TokenWindows.of(split, part(tokens, split), axes, seed);
    }

    private static <T> T part(Map<String, T> parts, String split) {
        T part = parts.get(split);
        if (part == null) {
            throw InputError.of("the data has no part '" + split + "', only " + parts.keySet(), "");
        }
        return part;
    }
}
