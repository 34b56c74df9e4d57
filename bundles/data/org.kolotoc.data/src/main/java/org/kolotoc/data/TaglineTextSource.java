package org.kolotoc.data;

import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Seat;
import org.kolotoc.data.tagline.Taglines;
import org.osgi.service.component.annotations.Component;

/** The seat of a text in which nobody does what an instruction says, as the web is before anyone made it a conversation. */
@Component
@Seat(
        kind = Seat.DATA,
        id = "tagline-text",
        summary = "lists of instructions, and documents that tell of taglines, from a seed")
public final class TaglineTextSource implements DataSource<TaglineTextSettings> {
    @Override
    public Class<TaglineTextSettings> settings() {
        return TaglineTextSettings.class;
    }

    @Override
    public Dataset open(TaglineTextSettings settings, DataContext context) {
        long seed = settings.seed() < 0 ? context.seed() : settings.seed();
        Source text = ToldText.of(
                "taglines",
                settings.characters(),
                (characters, out, reached) -> Taglines.tell(characters, seed, out, reached),
                context);
        return new TextData(text, settings.train(), context);
    }
}
