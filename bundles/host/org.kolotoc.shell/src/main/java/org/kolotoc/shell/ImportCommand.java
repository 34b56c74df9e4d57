package org.kolotoc.shell;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.foreign.Imported;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc import}: a checkpoint of another library becomes a run's folder. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=import",
            "kolotoc.command.summary=makes a run's folder of a checkpoint in the Hugging Face layout",
            "kolotoc.command.stoppable=true",
            "kolotoc.command.stopping=stopping; nothing of the folder stays"
        })
public final class ImportCommand implements Command {
    private static final Syntax SYNTAX = Syntax.of("import", "<folder> [--out <folder>] [--json]")
            .option(Shared.OUT.option(), "<folder>", "of the run; runs/<name>-1-<time> if not given")
            .takes(Shared.JSON)
            .notes("""
                Reads config.json and model.safetensors, or the files that model.safetensors.index.json names, of F32, F16 or
                BF16; "model_type" says which model family reads them: gpt2, llama, bert, roberta, t5, bart, ... What the
                configuration asks for and the family has not is refused, and so are tensors that are missing, left over, of
                another shape, or not all finite numbers. A tokenizer.json beside it, or vocab.json and merges.txt, comes along. The run has one model, "model",
                and the checkpoint of step 0: export uses it at once, generate, next, chat and perplexity where it is a decoder with
                a tokenizer, generate also where it reads one text and writes another. Experiments begin with it:

                  "model": {the "model" of the run's experiment.json}, "start": {"model": {"run": "runs/..."}}

                examples:
                  ./kolotoc import ~/checkpoints/gpt2
                  ./kolotoc import ~/checkpoints/bert-base --out runs/bert

                exit code: 0 done; 2 bad input; 130 stopped, nothing written
                """);

    private final Engine engine;
    private final Terminal terminal;

    private final BooleanSupplier stop;

    @Activate
    public ImportCommand(
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
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::read));
    }

    private int read(Line line) throws IOException {
        Imported imported =
                engine.importing(line.file("one folder", "./kolotoc import <folder>"), line.path(Shared.OUT), stop);
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(Told.of(imported)));
            return ExitCode.DONE.code();
        }
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "%s: a %s of %,d parameters, read by the model family %s",
                        imported.folder(),
                        Printable.lines(imported.architecture()),
                        imported.parameters(),
                        imported.family()));
        terminal.out()
                .println(imported.tokenizer()
                        .map(id -> "its tokenizer is read by '" + id + "'")
                        .orElse("it has no tokenizer that is known here: it writes no text (tokenizer.json, or"
                                + " vocab.json and merges.txt)"));
        if (imported.padding() > 0) {
            terminal.out()
                    .println(String.format(
                            Locale.ROOT,
                            "of the %,d tokens that it knows the tokenizer has %,d: the others stand for no text and"
                                + " are never written; those behind its last are left out by runs that start with it",
                            imported.tokens(),
                            imported.tokens() - imported.padding()));
        }
        imported.leftOut()
                .forEach(tensor -> terminal.out()
                        .println(
                                "left out: " + Printable.lines(tensor) + ", which nothing here is" + " computed from"));
        return ExitCode.DONE.code();
    }

    /** What {@code --json} prints. */
    private record Told(
            String folder,
            String family,
            String architecture,
            long parameters,
            String tokenizer,
            int tokens,
            int padding,
            List<String> leftOut) {
        static Told of(Imported imported) {
            return new Told(
                    imported.folder().toString(),
                    imported.family(),
                    imported.architecture(),
                    imported.parameters(),
                    imported.tokenizer().orElse(""),
                    imported.tokens(),
                    imported.padding(),
                    imported.leftOut());
        }
    }
}
