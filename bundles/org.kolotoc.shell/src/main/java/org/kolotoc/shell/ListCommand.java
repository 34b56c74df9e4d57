package org.kolotoc.shell;

import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.seat.Seats;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc list}: what is plugged in, read from manifests; no plugin runs for it. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=list", "kolotoc.command.summary=shows what is plugged in"})
public final class ListCommand implements ToIntFunction<String[]> {
    private static final String HELP = """
        usage: ./kolotoc list [<kind>] [--json]

        Shows every plugin with its kind, id, version, bundle and state:
          ready       can be used
          unresolved  its bundle lacks something; a run that names it says what
          stopped     its bundle resolves but was not started
          broken      its bundle runs but offers no such plugin; a run that names it says why

        examples:
          ./kolotoc list
          ./kolotoc list model
          ./kolotoc list --json
        """;

    private final Engine engine;

    @Activate
    public ListCommand(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return engine.guarded(() -> list(Flags.parse(HELP, arguments, List.of(), List.of())));
    }

    private int list(Flags flags) {
        if (flags.options().help()) {
            System.out.print(HELP);
            return 0;
        }
        List<Seats.Installed> plugins = engine.seats().installed();
        if (!flags.options().files().isEmpty()) {
            String kind = flags.one("at most one kind", "./kolotoc list model");
            plugins = Kinds.of(kind, plugins);
        }
        if (flags.options().json()) {
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
