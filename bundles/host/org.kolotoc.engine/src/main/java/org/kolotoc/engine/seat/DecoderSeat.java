package org.kolotoc.engine.seat;

import java.util.Optional;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tensor.CounterRandom;

/** The seat of a way to write, filled. */
public final class DecoderSeat {
    private final Occupant occupant;
    private final Writing decoder;

    @FunctionalInterface
    private interface Writing {
        int[] decode(LanguageSession session, int[] prompt, int count, CounterRandom random);
    }

    private DecoderSeat(Occupant occupant, Writing decoder) {
        this.occupant = occupant;
        this.decoder = decoder;
    }

    static Optional<DecoderSeat> of(Decoder<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<DecoderSeat> bound(Decoder<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new DecoderSeat(
                        binding.occupant(),
                        (session, prompt, count, random) -> plugin.decode(settings, session, prompt, count, random)));
    }

    /** Continues a prompt; the new tokens alone. */
    public int[] decode(LanguageSession session, int[] prompt, int count, CounterRandom random) {
        return occupant.give("wrote a sample", () -> decoder.decode(session, prompt, count, random));
    }
}
