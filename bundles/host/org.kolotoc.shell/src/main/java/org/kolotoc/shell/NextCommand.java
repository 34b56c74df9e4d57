package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.prepare.Restored;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc next}: which words the model of a run expects behind a text, and how much. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=next", "kolotoc.command.summary=how likely the model of a run holds each next word"
        })
public final class NextCommand implements Command {
    private static final int BAR = 40;
    private static final int WORD = 40;

    private static final Syntax SYNTAX = Syntax.of("next", "<run folder> <text> [options]")
            .option("--words", "<number>", "how many words are named; 10 if not given")
            .option("--model", "<name>", "which model of the experiment, where it has several")
            .takes(Shared.FROM, Shared.BACKEND, Shared.THREADS, Shared.TRUST, Shared.JSON, Shared.QUIET)
            .notes("""
                A word may be several tokens: all ways to write it are counted together. The last line is all other words; the
                probabilities add up to 1. The sampler "next-words" puts the same table among the samples of an experiment.

                examples:
                  ./kolotoc next runs/shakespeare-1-20260101-120000 "ROMEO: My"
                  ./kolotoc next runs/shakespeare-1-20260101-120000 "ROMEO: My" --words 30 --from 2000
                """);

    /**
     * A line of the table.
     *
     * @param word empty for all others together
     */
    record Row(String word, double probability) {
        static Row of(String line) {
            int tab = line.indexOf('\t');
            return new Row(line.substring(tab + 1), Double.parseDouble(line.substring(0, tab)));
        }
    }

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public NextCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::next));
    }

    private int next(Line line) throws IOException {
        if (line.files().size() != 2) {
            throw InputError.of(
                    "expected a run folder and a text, " + line.files().size() + " words were given",
                    "./kolotoc next runs/<run folder> \"the text that words follow\"");
        }
        Path folder = line.paths().getFirst();
        String samples = "samples={\"id\": \"next-words\", \"prompts\": ["
                + Engine.json(line.files().getLast()) + "]"
                + line.count("--words").map(words -> ", \"words\": " + words).orElse("")
                + line.text("--model")
                        .map(model -> ", \"model\": " + Engine.json(model))
                        .orElse("")
                + ", \"count\": 1}";
        try (Restored model = engine.restored(
                folder,
                line.options(),
                file -> {
                    OneModel.require(file, line);
                    file.option(samples);
                    file.typed("samples", "next");
                    file.typed("samples.prompts[0]", "the text");
                    file.typed("samples.words", "--words");
                },
                terminal.client(line.has(Shared.QUIET)))) {
            List<Row> rows = model.draw(model.plans().getFirst(), 0, (_, _) -> {})
                    .getFirst()
                    .text()
                    .lines()
                    .map(Row::of)
                    .toList();
            terminal.out().println(line.has(Shared.JSON) ? Engine.json(rows) : table(rows));
            return 0;
        }
    }

    /** A bar a line, the longest for the likeliest. */
    static String table(List<Row> rows) {
        double most = rows.stream().mapToDouble(Row::probability).max().orElse(1);
        Table table = new Table("word", "probability", "");
        for (Row row : rows) {
            table.row(
                    row.word().isEmpty() ? "(any other)" : Printable.cut(row.word(), WORD),
                    String.format(Locale.ROOT, "%.4f", row.probability()),
                    "█".repeat((int) Math.round(BAR * row.probability() / most)));
        }
        return table.toString().stripTrailing();
    }
}
