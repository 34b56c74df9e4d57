package org.kolotoc.data.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.kolotoc.api.Ledger;
import org.kolotoc.data.WorldSettings;
import org.kolotoc.data.world.Narrator;

/** What is told of the world, so that a tokenizer that is made for questions about it can read it too. */
final class WorldText {
    private static final int CHARACTERS = 20_000;

    private WorldText() {}

    static String of(WorldChoice choice) {
        StringBuilder text = new StringBuilder();
        try {
            new Narrator(
                            WorldSettings.world(choice.seed(), choice.people(), choice.facts(), Ledger.NONE),
                            choice.seed())
                    .tell(CHARACTERS, text, _ -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
