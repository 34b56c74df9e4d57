package org.kolotoc.shell;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.plan.Standing;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc list}: what is plugged in, read from manifests; no plugin runs for it. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=list", "kolotoc.command.summary=shows what is plugged in"})
public final class ListCommand implements Command {
    private static final String NEEDS = "--needs";
    private static final String READY = "ready";

    private static final Syntax SYNTAX = Syntax.of("list", "[<kind>] [--json]", "--needs [--raw] [--json]")
            .flag(NEEDS, "what can't be used alone, and the tree of what each lacks")
            .flag(WhyCommand.RAW, "with --needs: also the filters that manifests write needs as")
            .takes(Shared.JSON)
            .notes("""
                Shows every plugin with its kind, id, version, bundle and state:
                  ready       can be used; of several versions one is the default, the highest, and others are used
                              if an experiment asks for them: {"id": "gpt", "pluginVersion": "1.2"}; where bundles of
                              several names have it, it is not unique, and none is used
                  unresolved  its bundle lacks something
                  stopped     its bundle resolves but was not started
                  broken      its bundle runs but offers no such plugin
                Below, why one is not ready, and which jars of the folder of plugins were left out.

                examples:
                  ./kolotoc list
                  ./kolotoc list model
                  ./kolotoc list --needs
                  ./kolotoc list --json
                """);

    private final Engine engine;
    private final Terminal terminal;
    private final Supplier<Map<String, String>> leftOut;

    /** @param leftOut tells of jars that are no bundles or did not start, by file, why */
    @Activate
    public ListCommand(
            @Reference Engine engine,
            @Reference Terminal terminal,
            @Reference(target = "(kolotoc.leftOut=true)") Supplier<Map<String, String>> leftOut) {
        this.engine = engine;
        this.terminal = terminal;
        this.leftOut = leftOut;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::list));
    }

    private int list(Line line) {
        if (line.has(NEEDS)) {
            line.none();
            return needs(engine.diagnosis().unusable(), line);
        }
        List<Seats.Installed> plugins = engine.seats().examined();
        Map<String, String> jars = leftOut.get();
        boolean all = line.files().isEmpty();
        if (!all) {
            String kind = line.one("at most one kind", "./kolotoc list model");
            plugins = Kinds.of(kind, plugins);
        }
        if (line.has(Shared.JSON)) {
            terminal.out()
                    .println(Engine.json(Stream.concat(
                                    plugins.stream(),
                                    (all ? jars : Map.<String, String>of())
                                            .entrySet().stream().map(ListCommand::jar))
                            .toList()));
            return 0;
        }
        List<Seats.Installed> there = plugins;
        Table table = new Table("KIND", "ID", "VERSION", "BUNDLE", "STATE", "SUMMARY");
        plugins.forEach(plugin -> table.row(
                plugin.kind(), plugin.id(), plugin.version(), plugin.bundle(), state(plugin, there), plugin.summary()));
        terminal.out().print(table);
        terminal.out()
                .println("backends: " + String.join(", ", engine.backends().ids()));
        plugins.stream()
                .map(Seats.Installed::trouble)
                .filter(trouble -> !trouble.isEmpty())
                .distinct()
                .forEach(trouble -> print(trouble.stream()));
        if (all) {
            jars.values().forEach(why -> print(("left out: " + why).lines()));
        }
        return 0;
    }

    /** Its state, and of several of one kind and id which fills the seat. */
    private static String state(Seats.Installed plugin, List<Seats.Installed> all) {
        List<Seats.Installed> same = all.stream()
                .filter(other -> other.kind().equals(plugin.kind())
                        && other.id().equals(plugin.id())
                        && other.state().equals(READY))
                .toList();
        if (same.size() < 2 || !plugin.state().equals(READY)) {
            return plugin.state();
        }
        return READY
                + (plugin.byDefault()
                        ? ", default"
                        : same.stream().anyMatch(Seats.Installed::byDefault) ? ", if asked" : ", not unique");
    }

    private int needs(List<Standing> unusable, Line line) {
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(unusable));
            return 0;
        }
        if (unusable.isEmpty()) {
            terminal.out().println("all that is plugged in can be used; ./kolotoc list shows it");
        }
        unusable.forEach(standing -> print(standing.reason().lines(line.has(WhyCommand.RAW)).stream()));
        return 0;
    }

    private void print(Stream<String> lines) {
        terminal.out().println();
        lines.map(Printable::lines).forEach(terminal.out()::println);
    }

    /** A jar without a plugin that can be told. */
    private static Seats.Installed jar(Map.Entry<String, String> jar) {
        return new Seats.Installed(
                "jar",
                "",
                "",
                jar.getKey(),
                "left out",
                false,
                "",
                jar.getValue().lines().toList());
    }
}
