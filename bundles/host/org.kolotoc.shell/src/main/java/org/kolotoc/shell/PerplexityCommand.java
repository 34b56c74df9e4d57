package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.api.file.Utf8;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.prepare.Restored;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc perplexity}: how well the model of a run, or of an imported checkpoint, foretells a text. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=perplexity",
            "kolotoc.command.summary=how well the model of a run foretells a text: perplexity, bits per byte"
        })
public final class PerplexityCommand implements Command {
    private static final Syntax SYNTAX = Syntax.of("perplexity", "<run folder> <text file> [options]")
            .option("--stride", "<number>", "tokens that the window moves on; half of the model's context if not given")
            .option("--begin", "<name>", "a special token before the text, such as <|endoftext|>")
            .option("--model", "<name>", "which model of the experiment, where it has several")
            .takes(Shared.FROM, Shared.BACKEND, Shared.THREADS, Shared.TRUST, Shared.JSON, Shared.QUIET)
            .notes("""
                A window as long as the model's context moves over the text; every token counts once, and sees at least as many
                before it as the window has more than the stride. The first token counts where --begin gives it one to follow.
                loss is in nats a token; bits/byte does not depend on the tokenizer.

                examples:
                  ./kolotoc perplexity runs/shakespeare-1-20260101-120000 hamlet.txt
                  ./kolotoc perplexity runs/gpt2-1-20260101-120000 hamlet.txt --begin "<|endoftext|>" --stride 256

                exit code: 0 done; 2 bad input
                """);

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public PerplexityCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::measure));
    }

    private int measure(Line line) throws IOException {
        if (line.files().size() != 2) {
            throw InputError.of(
                    "expected a run folder and a text file, " + line.files().size() + " words were given",
                    "./kolotoc perplexity runs/<run folder> <text file>");
        }
        String text = text(line.paths().getLast());
        boolean quiet = line.has(Shared.QUIET);
        StatusLine shown = terminal.line();
        try (Restored model = engine.restored(
                line.paths().getFirst(),
                line.options(),
                file -> {
                    OneModel.require(file, line);
                    // The text is no part of what a message about the experiment shows.
                    file.option("samples={\"id\": \"perplexity\", \"count\": 1, \"texts\": [\"\"]}");
                    line.text("--stride").ifPresent(stride -> file.option("samples.stride=" + stride));
                    line.text("--begin").ifPresent(begin -> file.option("samples.begin=" + Engine.json(begin)));
                    line.text("--model").ifPresent(name -> file.option("samples.model=" + Engine.json(name)));
                    file.fill("samples", "texts", text);
                    file.typed("samples", "perplexity");
                    file.typed("samples.texts[0]", line.files().getLast());
                    file.typed("samples.stride", "--stride");
                    file.typed("samples.begin", "--begin");
                },
                terminal.client(quiet))) {
            String figures = model.draw(model.plans().getFirst(), 0, (done, all) -> {
                        if (!quiet && shown.isDue()) {
                            shown.show("windows: " + done + "/" + all);
                        }
                    })
                    .getFirst()
                    .text();
            shown.end();
            Map<String, Double> values = new LinkedHashMap<>();
            figures.lines().map(row -> row.split("\t")).forEach(row -> values.put(row[0], Double.valueOf(row[1])));
            if (line.has(Shared.JSON)) {
                terminal.out().println(Engine.json(values));
            } else {
                Table table = new Table("", "");
                values.forEach((name, value) -> table.row(name, shown(value)));
                terminal.out().println(table.toString().stripTrailing());
            }
            return ExitCode.DONE.code();
        }
    }

    private static String text(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw InputError.of(
                    "the text " + file + " can't be read: " + Printable.reason(e), "give a file that is there", e);
        }
        return Utf8.text(bytes, stray -> stray.in(file.toString()));
    }

    /** Counts as they are, the rest with the digits that mean something. */
    private static String shown(double value) {
        return Double.isFinite(value) && value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : Measures.number(value);
    }
}
