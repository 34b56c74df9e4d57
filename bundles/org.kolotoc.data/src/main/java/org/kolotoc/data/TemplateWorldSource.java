package org.kolotoc.data;

import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.data.world.Narrator;
import org.kolotoc.data.world.Relation;
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
        World world = World.of(seed, settings.people());
        for (WorldSettings.Edit edit : settings.facts()) {
            world = world.with(person(world, edit.person()), relation(edit.relation()), edit.value());
        }
        return new TextData(new Narrator(world, seed).text(settings.characters()), settings.train(), context);
    }

    private static int person(World world, String name) {
        for (int i = 0; i < world.people().size(); i++) {
            if (world.people().get(i).name().equals(name)) {
                return i;
            }
        }
        throw InputError.field(
                "facts",
                "'" + name + "' does not live in this world; expected one of "
                        + world.people().stream().map(World.Person::name).toList());
    }

    private static Relation relation(String label) {
        for (Relation relation : Relation.values()) {
            if (relation.label().equals(label)) {
                return relation;
            }
        }
        throw InputError.field("facts", "'" + label + "' is no relation; expected one of " + Relation.labels());
    }
}
