package org.kolotoc.engine.seat;

import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;

/** The seat of the tokenizer, filled. */
public final class TokenizerSeat {
    private final Occupant occupant;
    private final Function<String, Tokenizer> family;

    private TokenizerSeat(Occupant occupant, Function<String, Tokenizer> family) {
        this.occupant = occupant;
        this.family = family;
    }

    static Optional<TokenizerSeat> of(TokenizerFamily<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<TokenizerSeat> bound(TokenizerFamily<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new TokenizerSeat(binding.occupant(), text -> plugin.fit(settings, text)));
    }

    public Tokenizer fit(String trainingText) {
        return occupant.give("read the training text", () -> family.apply(trainingText));
    }
}
