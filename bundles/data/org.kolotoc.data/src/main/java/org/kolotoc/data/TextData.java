package org.kolotoc.data;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;

/** A text cut into a training and a validation part, both as tokens. */
final class TextData implements TextDataset {
    static final String TRAIN = "train";
    static final String VALIDATION = "validation";

    private final DataContext context;
    private final Tokenizer tokenizer;
    private final Map<String, StoredText> texts = new LinkedHashMap<>();
    private final Map<String, Tokens> tokens = new LinkedHashMap<>();
    private final long heldByText;

    /**
     * Cuts a text in two and reads both parts with the tokenizer that the first one gives.
     *
     * @param share of the characters that come first and are for training
     * @throws InputError when it is no text, or the tokenizer can't read it
     */
    TextData(Source source, double share, DataContext context) {
        this(checked(source, context), share, context);
    }

    private TextData(StoredText text, double share, DataContext context) {
        this(text, text.boundary((long) (share * text.length())), context);
    }

    /**
     * The same cut behind so many characters.
     *
     * @param cut in UTF-16 units, not within a character
     */
    TextData(Source source, long cut, DataContext context) {
        this(checked(source, context), cut, context);
    }

    private TextData(StoredText text, long cut, DataContext context) {
        this.context = context;
        heldByText = text.held();
        texts.put(TRAIN, text.stretch(0, cut));
        texts.put(VALIDATION, text.stretch(cut, text.length()));
        tokenizer = context.tokenizer(new Watched(texts.get(TRAIN), "fitting the tokenizer", context));
        texts.forEach((split, part) -> tokens.put(split, encode(split, part, context)));
    }

    private static StoredText checked(Source source, DataContext context) {
        return StoredText.of(source, done -> context.reached("checking the text", done, source.size()));
    }

    private Tokens encode(String split, Text part, DataContext context) {
        try (Tokens.Writer writer = new Tokens.Writer(tokenizer.vocab(), Tokens.LARGE, context::scratch)) {
            tokenizer.encode(new Watched(part, "text to tokens, " + split, context), writer);
            return writer.finish();
        } catch (InputError e) {
            throw InputError.of("in the " + split + " part of the text: " + e.getMessage(), e.next(), e);
        }
    }

    /** A text that tells of its reading. */
    private record Watched(Text text, String what, DataContext context) implements Text {
        @Override
        public long length() {
            return text.length();
        }

        @Override
        public String excerpt(long from, int length) {
            return text.excerpt(from, length);
        }

        @Override
        public Iterator<String> iterator() {
            Iterator<String> parts = text.iterator();
            return new Iterator<>() {
                private long read;

                @Override
                public boolean hasNext() {
                    return parts.hasNext();
                }

                @Override
                public String next() {
                    context.reached(what, read, text.length());
                    String part = parts.next();
                    read += part.length();
                    return part;
                }
            };
        }
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public Text text(String split) {
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
        Tokens part = part(tokens, split);
        int time = axes.getOrDefault("time", 0);
        if (!split.equals(TRAIN) && part.count() <= time) {
            context.ledger()
                    .note(
                            Ledger.Kind.TRUNCATED,
                            "train",
                            "leaves " + part.count() + " tokens for the " + split
                                    + " part, which are less than a window" + " of " + time
                                    + " and its targets: that one is short");
        }
        return TokenWindows.of(split, part, axes, seed);
    }

    @Override
    public Held held() {
        return new Held(
                heldByText + tokens.values().stream().mapToLong(Tokens::held).sum(),
                tokens.values().stream().mapToLong(Tokens::filed).sum());
    }

    private static <T> T part(Map<String, T> parts, String split) {
        T part = parts.get(split);
        if (part == null) {
            throw InputError.of("the data has no part '" + split + "', only " + parts.keySet(), "");
        }
        return part;
    }
}
