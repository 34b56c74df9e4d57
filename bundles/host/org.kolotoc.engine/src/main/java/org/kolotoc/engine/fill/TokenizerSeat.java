package org.kolotoc.engine.fill;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerContext;
import org.kolotoc.api.text.TokenizerFamily;

/** The seat of the tokenizer, filled. */
public final class TokenizerSeat {
    private final Occupant occupant;
    private final String path;
    private final BiFunction<Text, TokenizerContext, Tokenizer> fit;
    private final Function<String, Tokenizer> restore;

    private TokenizerSeat(
            Occupant occupant,
            String path,
            BiFunction<Text, TokenizerContext, Tokenizer> fit,
            Function<String, Tokenizer> restore) {
        this.occupant = occupant;
        this.path = path;
        this.fit = fit;
        this.restore = restore;
    }

    static Optional<TokenizerSeat> of(TokenizerFamily<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<TokenizerSeat> bound(TokenizerFamily<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new TokenizerSeat(
                        binding.occupant(),
                        binding.ref().path(),
                        (text, context) -> plugin.fit(settings, text, context),
                        plugin::restore));
    }

    public Occupant occupant() {
        return occupant;
    }

    /** Where the experiment has its settings, as a JSON path. */
    public String path() {
        return path;
    }

    /**
     * A tokenizer for texts like this one.
     *
     * @throws InputError when the settings, a file or the text can't be used; names the place
     */
    public Tokenizer fit(Text trainingText, TokenizerContext context) {
        return occupant.give("read the training text", () -> fit.apply(trainingText, context));
    }

    /** The tokenizer that had this state. */
    public Tokenizer restore(String state) {
        return occupant.give("was restored", () -> restore.apply(state));
    }
}
