package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Printable;
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
public final class SchemaCommand implements Command {
    private static final Syntax SYNTAX = Syntax.of("schema", "[<format>]", "--out <folder>")
            .option(Shared.OUT.option(), "<folder>", "writes the schemas of all formats there")
            .notes("""
                Prints the JSON Schema of a format: %s.
                That of experiments has the fields of every plugin that is installed.

                examples:
                  ./kolotoc schema
                  ./kolotoc schema checkpoint
                  ./kolotoc schema --out schemas
                """.formatted(String.join(", ", Engine.FORMATS)));

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public SchemaCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::schema));
    }

    private int schema(Line line) throws IOException {
        if (line.path(Shared.OUT).isPresent()) {
            line.none();
            write(line.path(Shared.OUT).get());
            return 0;
        }
        boolean given = !line.files().isEmpty();
        terminal.out()
                .println(engine.schema(
                        given ? line.one("one format", "./kolotoc schema run") : "experiment", this::leftOut));
        return 0;
    }

    private void leftOut(String plugin) {
        terminal.tellAside(new Event.Warned("left out: " + Printable.lines(plugin)));
    }

    private void write(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw InputError.of("the output folder " + folder + " is a file", "give a folder: --out <folder>");
        }
        Engine.look(folder);
        Files.createDirectories(folder);
        for (String format : Engine.FORMATS) {
            Path file = folder.resolve(format + ".schema.json");
            Files.writeString(file, engine.schema(format, this::leftOut) + "\n");
            terminal.out().println(file);
        }
    }
}
