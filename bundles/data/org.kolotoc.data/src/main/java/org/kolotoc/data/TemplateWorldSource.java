package org.kolotoc.data;

import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.data.world.Narrator;
import org.kolotoc.data.world.World;
import org.osgi.service.component.annotations.Component;

/** The seat of a text about a small made-up world: no file, no network, the same bytes for the same seed. */
@Component
@Seat(kind = Seat.DATA, id = "template-world", summary = "plain English about a made-up world, from a seed")
public final class TemplateWorldSource implements DataSource<WorldSettings> {
    /** Characters from which on the text lies in a file. */
    private static final int LARGE = 1 << 24;

    @Override
    public Class<WorldSettings> settings() {
        return WorldSettings.class;
    }

    @Override
    public Dataset open(WorldSettings settings, DataContext context) {
        long seed = settings.seed() < 0 ? context.seed() : settings.seed();
        World world = WorldSettings.world(seed, settings.people(), settings.facts(), context.ledger());
        return new TextData(told(new Narrator(world, seed), settings.characters(), context), settings.train(), context);
    }

    /** In memory, or in a file where that is much. */
    private static Source told(Narrator narrator, int characters, DataContext context) {
        try {
            if (characters < LARGE) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream(characters);
                tell(narrator, characters, bytes, context);
                return new Source.Memory("of the world", bytes.toByteArray());
            }
            Path file = Files.createTempFile(context.scratch(), "world", ".txt");
            tell(narrator, characters, Files.newOutputStream(file), context);
            return Source.File.of(file);
        } catch (IOException e) {
            throw InputError.of(
                    "the text of the world does not fit into the folder for temporary files: " + e.getMessage(),
                    "make room there, or set TMPDIR to a folder that has it",
                    e);
        }
    }

    private static void tell(Narrator narrator, int characters, OutputStream bytes, DataContext context)
            throws IOException {
        try (Writer out = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
            narrator.tell(characters, out, done -> context.reached("telling of the world", done, characters));
        }
    }
}
