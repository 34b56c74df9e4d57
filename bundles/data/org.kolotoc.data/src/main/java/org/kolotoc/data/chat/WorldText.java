package org.kolotoc.data.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.kolotoc.api.Ledger;
import org.kolotoc.data.WorldSettings;
import org.kolotoc.data.world.Narrator;
import org.kolotoc.data.world.Relation;
import org.kolotoc.data.world.World;

/** Everybody and everything there is in the world, and some of what is told of it, so that a tokenizer that is made for questions about it can read it too. */
final class WorldText {
    private static final int CHARACTERS = 20_000;

    private WorldText() {}

    static String of(WorldChoice choice) {
        World world = WorldSettings.world(choice.seed(), choice.people(), choice.facts(), Ledger.NONE);
        StringBuilder text = new StringBuilder();
        world.people().forEach(person -> text.append(person.name()).append('\n'));
        for (Relation relation : Relation.values()) {
            relation.range().forEach(value -> text.append(value).append('\n'));
            relation.phrasings()
                    .forEach(phrasing ->
                            text.append(phrasing.replaceAll("\\{.*?}", "")).append('\n'));
        }
        try {
            new Narrator(world, choice.seed()).tell(CHARACTERS, text, _ -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
