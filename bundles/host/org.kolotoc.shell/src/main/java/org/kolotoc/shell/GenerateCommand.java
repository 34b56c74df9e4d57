package org.kolotoc.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.prepare.Restored;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc generate}: a language model of a run goes on from a prompt, as the options say. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=generate",
            "kolotoc.command.summary=a language model of a run goes on from a prompt"
        })
public final class GenerateCommand implements Command {
    private static final String PROMPT = "--prompt";
    private static final String TEXTS = "--n";

    private static final Syntax SYNTAX = DecoderOptions.added(
                    Syntax.of("generate", "<run folder> --prompt <text> [options]")
                            .option(PROMPT, "<text>", "what the model goes on from")
                            .option(
                                    TEXTS,
                                    "<number>",
                                    "how many texts; 1 if not given. Of a beam, which is at least as wide: its best"
                                            + " ones, the best first")
                            .option("--length", "<number>", "tokens of a text at most; 200 if not given"))
            .option("--model", "<name>", "which model of the experiment, where it has several")
            .takes(Shared.FROM, Shared.SEED, Shared.BACKEND, Shared.THREADS, Shared.TRUST, Shared.JSON, Shared.QUIET)
            .notes("""
                The texts are written side by side; each has random numbers of its own, and is the same whatever is beside it.

                examples:
                  ./kolotoc generate runs/shakespeare-1-20260101-120000 --prompt "ROMEO:" --n 4 --temperature 0.8 --top-p 0.9
                  ./kolotoc generate runs/shakespeare-1-20260101-120000 --prompt "ROMEO:" --beam 4 --n 8 --length 60
                """);

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public GenerateCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::generate));
    }

    private int generate(Line line) throws IOException {
        String prompt = line.text(PROMPT)
                .orElseThrow(() -> InputError.of(
                        "generate: there is nothing to go on from",
                        "./kolotoc generate runs/<run folder> " + PROMPT + " \"a text\""));
        int texts = line.count(TEXTS).orElse(1);
        String samples = samples(line, prompt, texts);
        StatusLine shown = terminal.line();
        boolean quiet = line.has(Shared.QUIET);
        try (Restored model = engine.restored(
                line.file("one run folder", "./kolotoc generate runs/<run folder> --prompt \"a text\""),
                line.options(),
                file -> {
                    OneModel.require(file, line);
                    file.option(samples);
                    file.typed("samples", "generate");
                    file.typed("samples.prompt", PROMPT);
                    file.typed("samples.count", TEXTS);
                    file.typed("samples.length", "--length");
                    DecoderOptions.typed(file);
                },
                terminal.client(quiet))) {
            List<String> written = model
                    .draw(model.plans().getFirst(), 0, (done, all) -> {
                        if (!quiet && shown.isDue()) {
                            shown.show("tokens: " + done + "/" + all);
                        }
                        if (done == all) {
                            shown.end();
                        }
                    })
                    .stream()
                    .map(Sample::text)
                    .toList();
            shown.end();
            terminal.out().println(line.has(Shared.JSON) ? Engine.json(written) : shown(prompt, written));
            return 0;
        }
    }

    private String shown(String prompt, List<String> written) {
        return terminal.written(String.join(
                "\n---\n", written.stream().map(text -> prompt + text).toList()));
    }

    /** What the experiment would say. */
    static String samples(Line line, String prompt, int texts) {
        List<String> fields = new ArrayList<>();
        fields.add("\"id\": \"text\"");
        fields.add("\"prompt\": " + Engine.json(prompt));
        fields.add("\"count\": " + texts);
        fields.add("\"length\": " + line.count("--length").orElse(200));
        fields.add("\"stop\": " + Engine.json(line.texts(DecoderOptions.STOP)));
        line.text("--model").ifPresent(model -> fields.add("\"model\": " + Engine.json(model)));
        fields.add("\"decoder\": " + DecoderOptions.decoder(line, texts));
        return "samples={" + String.join(", ", fields) + "}";
    }
}
