package org.kolotoc.data.mixture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.kolotoc.api.Seat;
import org.kolotoc.data.world.Narrator;
import org.kolotoc.data.world.World;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/** The seat of documents that are paragraphs about the made-up world. */
@Component
@Seat(kind = "documents", id = "world", summary = "paragraphs about the made-up world, from a seed")
public final class WorldDocuments implements DocumentsFamily<WorldDocumentsSettings> {
    @Override
    public Class<WorldDocumentsSettings> settings() {
        return WorldDocumentsSettings.class;
    }

    @Override
    public Documents create(WorldDocumentsSettings settings) {
        return (context, out) -> tell(settings, out);
    }

    private static void tell(WorldDocumentsSettings settings, Consumer<String> out) {
        StringBuilder text = new StringBuilder(settings.characters());
        try {
            new Narrator(World.of(settings.world(), settings.people()), settings.seed())
                    .tell(settings.characters(), text, _ -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CounterRandom random = new CounterRandom(settings.seed(), "world/spoilt");
        spoil(text, settings.spoilt(), random);
        String[] paragraphs = text.toString().split("\n");
        StringBuilder document = new StringBuilder();
        int wanted = length(settings, random, 0);
        int told = 0;
        for (int i = 0; i < paragraphs.length; i++) {
            document.append(document.isEmpty() ? "" : " ").append(paragraphs[i]);
            if (++told >= wanted || i + 1 == paragraphs.length) {
                if (!document.isEmpty()) {
                    out.accept(document.toString());
                }
                document.setLength(0);
                told = 0;
                wanted = length(settings, random, i + 1L);
            }
        }
    }

    private static int length(WorldDocumentsSettings settings, CounterRandom random, long document) {
        return 1 + random.integer(-1 - document, settings.paragraphs());
    }

    /** Other letters of the text in the place of a share of them. */
    private static void spoil(StringBuilder text, double share, CounterRandom random) {
        for (int i = 0; i < text.length() && share > 0; i++) {
            if (text.charAt(i) != '\n' && random.uniform(2L * i) < share) {
                char other = text.charAt(random.integer(2L * i + 1, text.length()));
                text.setCharAt(i, other == '\n' ? ' ' : other);
            }
        }
    }
}
