package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc schema}: the JSON Schemas, that of experiments with the fields of every plugin. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=schema",
            "kolotoc.command.summary=prints or writes the JSON Schema of a file format"
        })
public final class SchemaCommand implements ToIntFunction<String[]> {
    private static final String HELP = """
        usage: ./kolotoc schema [<format>]
               ./kolotoc schema --out <folder>

        Prints the JSON Schema of a format: %s.
        That of experiments has the fields of every plugin that is installed. With --out, writes all of them.

        examples:
          ./kolotoc schema
          ./kolotoc schema checkpoint
          ./kolotoc schema --out schemas
        """.formatted(String.join(", ", Engine.FORMATS));

    private final Engine engine;

    @Activate
    public SchemaCommand(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return engine.guarded(() -> schema(Flags.parse(HELP, arguments, List.of(), List.of())));
    }

    private int schema(Flags flags) throws IOException {
        if (flags.options().help()) {
            System.out.print(HELP);
            return 0;
        }
        if (flags.options().out().isPresent()) {
            flags.none();
            write(flags.options().out().get());
            return 0;
        }
        boolean given = !flags.options().files().isEmpty();
        System.out.println(engine.schema(given ? flags.one("one format", "./kolotoc schema run") : "experiment"));
        return 0;
    }

    private void write(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw InputError.of("the output folder " + folder + " is a file", "give a folder: --out <folder>");
        }
        Engine.look(folder);
        Files.createDirectories(folder);
        for (String format : Engine.FORMATS) {
            Path file = folder.resolve(format + ".schema.json");
            Files.writeString(file, engine.schema(format) + "\n");
            System.out.println(file);
        }
    }
}
