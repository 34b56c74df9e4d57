package org.kolotoc.shell;

import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.seat.Seats;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc list}: what is plugged in, read from manifests; no plugin runs for it. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=list", "kolotoc.command.summary=shows what is plugged in"})
public final class ListCommand implements Command {
    private static final Syntax SYNTAX =
            Syntax.of("list", "[<kind>] [--json]").takes(Shared.JSON).notes("""
                Shows every plugin with its kind, id, version, bundle and state:
                  ready       can be used
                  unresolved  its bundle lacks something; a run that names it says what
                  stopped     its bundle resolves but was not started
                  broken      its bundle runs but offers no such plugin; a run that names it says why

                examples:
                  ./kolotoc list
                  ./kolotoc list model
                  ./kolotoc list --json
                """);

    private final Engine engine;

    @Activate
    public ListCommand(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return engine.guarded(() -> SYNTAX.run(arguments, this::list));
    }

    private int list(Line line) {
        List<Seats.Installed> plugins = engine.seats().installed();
        if (!line.files().isEmpty()) {
            String kind = line.one("at most one kind", "./kolotoc list model");
            plugins = Kinds.of(kind, plugins);
        }
        if (line.has(Shared.JSON)) {
            System.out.println(Engine.json(plugins));
            return 0;
        }
        Table table = new Table("KIND", "ID", "VERSION", "BUNDLE", "STATE", "SUMMARY");
        plugins.forEach(plugin -> table.row(
                plugin.kind(), plugin.id(), plugin.version(), plugin.bundle(), plugin.state(), plugin.summary()));
        System.out.print(table);
        System.out.println("backends: " + String.join(", ", engine.backends().ids()));
        return 0;
    }
}
