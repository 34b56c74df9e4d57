package org.kolotoc.engine.fill;

import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;

/** The seat of the tokenizer, filled. */
public final class TokenizerSeat {
    private final Occupant occupant;
    private final Function<Text, Tokenizer> fit;
    private final Function<String, Tokenizer> restore;

    private TokenizerSeat(Occupant occupant, Function<Text, Tokenizer> fit, Function<String, Tokenizer> restore) {
        this.occupant = occupant;
        this.fit = fit;
        this.restore = restore;
    }

    static Optional<TokenizerSeat> of(TokenizerFamily<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<TokenizerSeat> bound(TokenizerFamily<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings ->
                        new TokenizerSeat(binding.occupant(), text -> plugin.fit(settings, text), plugin::restore));
    }

    public Tokenizer fit(Text trainingText) {
        return occupant.give("read the training text", () -> fit.apply(trainingText));
    }

    /** The tokenizer that had this state. */
    public Tokenizer restore(String state) {
        return occupant.give("was restored", () -> restore.apply(state));
    }
}
