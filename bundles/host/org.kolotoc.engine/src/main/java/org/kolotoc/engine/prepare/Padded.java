package org.kolotoc.engine.prepare;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;

/**
 * A tokenizer of a model that knows more tokens: published models have round numbers. Those that the tokenizer lacks stand
 * for no text.
 */
record Padded(Tokenizer tokenizer, int vocab) implements Tokenizer {
    /**
     * The tokenizer for a model.
     *
     * @param vocab tokens of the model
     * @param checkpoint for the message
     * @throws InputError when the tokenizer has more
     */
    static Tokenizer of(Tokenizer tokenizer, int vocab, Path checkpoint) {
        if (tokenizer.vocab() > vocab) {
            throw InputError.of(
                    "the tokenizer has " + tokenizer.vocab() + " tokens, but the models of " + checkpoint + " know "
                            + vocab + ": they don't belong together",
                    "use the tokenizer that the run began with");
        }
        return tokenizer.vocab() == vocab ? tokenizer : new Padded(tokenizer, vocab);
    }

    @Override
    public Map<String, Integer> specials() {
        return tokenizer.specials();
    }

    @Override
    public int[] encode(String text) {
        return tokenizer.encode(text);
    }

    @Override
    public void encode(Text text, Consumer<int[]> out) {
        tokenizer.encode(text, out);
    }

    @Override
    public int cut(CharSequence beginning) {
        return tokenizer.cut(beginning);
    }

    @Override
    public String decode(int[] tokens) {
        return tokenizer.decode(
                Arrays.stream(tokens).filter(token -> token < tokenizer.vocab()).toArray());
    }

    @Override
    public String state() {
        return tokenizer.state();
    }
}
