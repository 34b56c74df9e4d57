package org.kolotoc.data;

import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Seat;
import org.kolotoc.data.world.Narrator;
import org.kolotoc.data.world.World;
import org.osgi.service.component.annotations.Component;

/** The seat of a text about a small made-up world: no file, no network, the same bytes for the same seed. */
@Component
@Seat(kind = Seat.DATA, id = "template-world", summary = "plain English about a made-up world, from a seed")
public final class TemplateWorldSource implements DataSource<WorldSettings> {
    @Override
    public Class<WorldSettings> settings() {
        return WorldSettings.class;
    }

    @Override
    public Dataset open(WorldSettings settings, DataContext context) {
        long seed = settings.seed() < 0 ? context.seed() : settings.seed();
        World world = WorldSettings.world(seed, settings.people(), settings.facts(), context.ledger());
        Narrator narrator = new Narrator(world, seed);
        Source text = ToldText.of("the world", settings.characters(), narrator::tell, context);
        return new TextData(text, settings.train(), context);
    }
}
