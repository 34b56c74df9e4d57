package org.kolotoc.shell;

import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.feature.FeatureChange;
import org.kolotoc.engine.feature.FeatureState;
import org.kolotoc.engine.feature.Features;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc feature}: installs bundles that belong together, and goes back to what was there before. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=feature",
            "kolotoc.command.summary=installs, updates and removes features; each step can be taken back"
        })
public final class FeatureCommand implements Command {
    private static final String FROM = "--from";
    private static final String HASH = "--sha256";
    private static final String DRY = "--dry-run";
    private static final String KEEP = "--keep";
    private static final String VERBS = "list, install, update, remove, history, rollback";

    private static final Syntax SYNTAX = Syntax.of(
                    "feature",
                    "list [--from <where>]",
                    "install <name>... --from <where>",
                    "update [<name>...] [--from <where>]",
                    "remove <name>...",
                    "history [--keep <n>]",
                    "rollback [<state>]")
            .option(FROM, "<where>", "a folder, feature file, repository.xml, zip of these, or an address of one")
            .option(HASH, "<hex>", "SHA-256 of the file; of what comes over a network it has to be given")
            .option(
                    KEEP,
                    "<n>",
                    "of history: forgets all states but the newest n and the one that holds, with their jars")
            .flag(DRY, "says what would be done, and does nothing")
            .takes(Shared.JSON)
            .notes("""
                A feature is a file as the OSGi standard has it: {"feature-resource-version": "1.0", "id": "group:hello:1.0.0",
                "bundles": [{"id": "group:artifact:1.0.0", "hash": "<SHA-256>"}]}. Its jars lie beside it, in lib, in
                target, or as in a Maven repository; ./kolotoc new writes one. Of a repository.xml each bundle can be installed by its name, with what it needs.
                All bundles are installed, then resolved, then started; if one can't be, nothing of it stays. Every change
                is a numbered state, which later commands begin with, and which one can go back to.

                examples:
                  ./kolotoc feature list --from my-features
                  ./kolotoc feature install hello --from my-features --dry-run
                  ./kolotoc feature update hello
                  ./kolotoc feature rollback
                """);

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public FeatureCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::feature));
    }

    private int feature(Line line) {
        List<String> words = line.files();
        String verb = words.isEmpty() ? "" : words.getFirst();
        List<String> names = words.isEmpty() ? words : words.subList(1, words.size());
        Features features = engine.features();
        boolean dry = line.has(DRY);
        Optional<String> hash = line.text(HASH).map(FeatureCommand::checked);
        switch (verb) {
            case "list" -> list(features, line, hash);
            case "history" -> {
                line.text(KEEP).map(FeatureCommand::count).ifPresent(features::forget);
                history(features, line);
            }
            case "install" ->
                print(
                        features.install(
                                required(names, "install hello --from my-features"),
                                line.text(FROM)
                                        .orElseThrow(() -> InputError.of(
                                                "feature install: nobody says where " + names.getFirst() + " is",
                                                "./kolotoc feature install " + names.getFirst()
                                                        + " --from <folder, file" + " or address>")),
                                hash,
                                dry),
                        line);
            case "update" -> print(features.update(names, line.text(FROM), hash, dry), line);
            case "remove" -> print(features.remove(required(names, "remove hello"), dry), line);
            case "rollback" -> print(features.rollback(number(names), dry), line);
            default ->
                throw InputError.of(
                        (verb.isEmpty() ? "feature: what is to be done?" : "feature has no '" + verb + "'")
                                + Nearest.hint(verb, List.of(VERBS.split(", "))) + " (there is " + VERBS + ")",
                        "./kolotoc feature list");
        }
        return ExitCode.DONE.code();
    }

    private static String checked(String hash) {
        if (!hash.matches("[0-9a-fA-F]{64}")) {
            throw InputError.of(HASH + " " + hash + ": expected 64 hexadecimal digits", "sha256sum <file> prints them");
        }
        return hash;
    }

    private static int count(String text) {
        if (!text.matches("\\d{1,8}")) {
            throw InputError.of(KEEP + " " + text + ": expected a number of states", "./kolotoc feature history");
        }
        return Integer.parseInt(text);
    }

    private static List<String> required(List<String> names, String example) {
        if (names.isEmpty()) {
            throw InputError.of("expected the name of at least one feature", "./kolotoc feature " + example);
        }
        return names;
    }

    private static Optional<Integer> number(List<String> words) {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        if (words.size() > 1 || !words.getFirst().matches("\\d{1,8}")) {
            throw InputError.of(
                    "rollback " + String.join(" ", words) + ": expected the number of one state",
                    "./kolotoc feature history");
        }
        return Optional.of(Integer.parseInt(words.getFirst()));
    }

    private void list(Features features, Line line, Optional<String> hash) {
        Optional<String> from = line.text(FROM);
        List<List<String>> offered =
                from.map(where -> features.offered(where, hash)).orElse(List.of());
        FeatureState current = features.current();
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(from.isPresent() ? offered : current));
            return;
        }
        if (from.isPresent()) {
            Table table = new Table("FEATURE", "VERSION", "INSTALLED", "WHAT");
            offered.forEach(feature -> table.row(
                    Printable.lines(feature.get(0)),
                    Printable.lines(feature.get(1)),
                    current.feature(feature.get(0))
                            .map(FeatureState.Feature::version)
                            .orElse("no"),
                    Printable.lines(feature.get(2))));
            terminal.out().print(table);
        } else if (current.features().isEmpty()) {
            terminal.out()
                    .println("no feature is installed besides the program; do: ./kolotoc feature install <name> --from"
                            + " <where>");
        } else {
            Table table = new Table("FEATURE", "VERSION", "BUNDLES", "FROM");
            current.features()
                    .forEach(feature -> table.row(
                            feature.name(),
                            feature.version(),
                            String.join(
                                    ", ",
                                    feature.bundles().stream()
                                            .map(String::valueOf)
                                            .toList()),
                            Printable.lines(feature.from())));
            terminal.out().print(table);
            terminal.out().println("state " + current.number());
        }
    }

    private void history(Features features, Line line) {
        List<FeatureState> history = features.history();
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(history));
            return;
        }
        Table table = new Table("STATE", "MADE", "BY", "FEATURES");
        history.forEach(state -> table.row(
                state.number(),
                state.made(),
                state.did().isEmpty() ? "the program alone" : state.did(),
                String.join(", ", state.features().stream().map(String::valueOf).toList())));
        terminal.out().print(table);
        terminal.out().println("now: state " + features.current().number());
    }

    private void print(FeatureChange change, Line line) {
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(change));
            return;
        }
        StringBuilder text = new StringBuilder((change.dry() ? "it would be: " : "done: ") + change.did());
        change.added().forEach(bundle -> text.append("\n  + ").append(bundle));
        change.gone().forEach(bundle -> text.append("\n  - ").append(bundle));
        change.used()
                .forEach(bundle ->
                        text.append("\n  ").append(bundle).append(" is used by a run, and goes when that ends"));
        text.append(
                change.dry()
                        ? "\nnothing was changed"
                        : change.before() == change.after()
                                ? "\nstate " + change.after()
                                : "\nstate " + change.after() + "; back with: ./kolotoc feature rollback "
                                        + change.before());
        terminal.out().println(Printable.lines(text.toString()));
    }
}
