package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.foreign.Exported;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc export}: a model of a run becomes a checkpoint that another library reads. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=export",
            "kolotoc.command.summary=writes a model of a run in the Hugging Face layout",
            "kolotoc.command.stoppable=true",
            "kolotoc.command.stopping=stopping; nothing of the folder stays"
        })
public final class ExportCommand implements Command {
    private static final String MODEL = "--model";

    private static final Syntax SYNTAX = Syntax.of("export", "<run folder> --out <folder> [options]")
            .option(Shared.OUT.option(), "<folder>", "what is written; must be empty, or not there")
            .option(MODEL, "<name>", "which model of the experiment, where it has several")
            .takes(Shared.FROM, Shared.TRUST, Shared.JSON)
            .notes("""
                Writes config.json, model.safetensors and the tokenizer's files: a gpt as GPT-2, or as Llama where its positions
                are rotary, a bert as BERT or RoBERTa, a seq2seq as T5 or BART. A setting that this layout has no field for is
                refused by name. import of the folder gives the same weights, bit by bit. --from takes a step of which the run
                has a checkpoint; another is refused with those that there are.

                examples:
                  ./kolotoc export runs/shakespeare-1-20260101-120000 --out ~/checkpoints/shakespeare
                  ./kolotoc export runs/assistant-1-20260101-120000 --model policy --out ~/checkpoints/assistant

                exit code: 0 done; 2 bad input; 130 stopped, nothing written
                """);

    private final Engine engine;
    private final Terminal terminal;

    private final BooleanSupplier stop;

    @Activate
    public ExportCommand(
            @Reference Engine engine,
            @Reference Terminal terminal,
            @Reference(target = "(kolotoc.stop=true)") BooleanSupplier stop) {
        this.engine = engine;
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::write));
    }

    /** What {@code --json} prints. */
    private record Told(String folder, String architecture, long step, List<String> files, String tokenizerLeftOut) {
        static Told of(Exported exported) {
            return new Told(
                    exported.folder().toString(),
                    exported.architecture(),
                    exported.step(),
                    exported.files(),
                    exported.tokenizer());
        }
    }

    private int write(Line line) throws IOException {
        Path run = line.file("one run folder", "./kolotoc export runs/<run folder> --out <folder>");
        Path out = line.path(Shared.OUT)
                .orElseThrow(() -> InputError.of(
                        "export: there is no folder to write to",
                        "./kolotoc export " + Printable.word(run) + " " + Shared.OUT.option() + " <folder>"));
        Exported exported = engine.exporting(run, line.options(), line.text(MODEL), out, terminal.client(stop, false));
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(Told.of(exported)));
            return ExitCode.DONE.code();
        }
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "%s: a %s of step %d: %s",
                        exported.folder(),
                        exported.architecture(),
                        exported.step(),
                        String.join(", ", exported.files())));
        if (!exported.tokenizer().isEmpty()) {
            terminal.out()
                    .println("left out: the tokenizer '" + Printable.lines(exported.tokenizer())
                            + "', which has no files of this layout; bpe, gpt2 and huggingface have");
        }
        return ExitCode.DONE.code();
    }
}
