package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.LineInput;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc chat}: people talk to the model of a run. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=chat",
            "kolotoc.command.summary=talks to the model of a run, and compares what its phases made of it",
            "kolotoc.command.stoppable=true",
            "kolotoc.command.stopping=stopping the answer; /exit ends the conversation"
        })
public final class ChatCommand implements Command {
    private static final String STARTER = "--starter";
    private static final String HISTORY = "--history";

    private static final Syntax SYNTAX = DecoderOptions.added(Syntax.of("chat", "<run folder> [options]")
                    .repeated(STARTER, "<text>", "a question to begin with; may be given several times")
                    .option(
                            HISTORY,
                            "<number>",
                            "questions and answers before that the model reads again, or all; 0 if not given")
                    .option("--length", "<number>", "tokens of an answer at most; 256 if not given"))
            .option(
                    "--model",
                    "<name>",
                    "which model of the experiment; the last that learned from questions if not given")
            .takes(Shared.FROM, Shared.SEED, Shared.BACKEND, Shared.THREADS, Shared.TRUST, Shared.JSON, Shared.QUIET)
            .notes("""
                A line is a question, and so is the number of one of those shown at the beginning; /help lists what else can be
                typed, such as /base, /sft or /rlhf for the weights at the end of a phase. Questions and answers are written as
                the run's data of questions writes them; a run without goes on from what is typed. A sampler "chat" of the
                experiment says with which questions to begin, and how to answer. Ctrl-C stops an answer.

                A question stands alone, as in data whose rows are one exchange each: a model that learned from such is confused
                by what came before. Another is given --history all; the oldest goes when the context is full.

                Lines may come from a pipe: each answer is a line then, in which \\n is a line's end, or with --json an object. A
                question that can't be answered has a line too, which says why and which line of the input it was; the rest goes
                on.

                examples:
                  ./kolotoc chat runs/assistant-1-20260101-120000
                  ./kolotoc chat runs/assistant-1-20260101-120000 --temperature 0.7 --top-p 0.9
                  printf '/base\\nWhere does Bela live?\\n/sft\\n/again\\n' | ./kolotoc chat runs/assistant-1-20260101-120000

                exit code: 0 done; 2 bad input, also a line that was not answered; 130 stopped by Ctrl-C in a pipe
                """);

    private final Engine engine;
    private final Terminal terminal;
    private final BooleanSupplier stop;
    private final Runnable forget;

    @Activate
    public ChatCommand(
            @Reference Engine engine,
            @Reference Terminal terminal,
            @Reference(target = "(kolotoc.stop=true)") BooleanSupplier stop,
            @Reference(target = "(kolotoc.stop=forget)") Runnable forget) {
        this.engine = engine;
        this.terminal = terminal;
        this.stop = stop;
        this.forget = forget;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::chat));
    }

    private int chat(Line line) throws IOException {
        Path folder = line.file("one run folder", "./kolotoc chat runs/<run folder>");
        Conversation.Models models = step -> engine.talk(
                folder,
                line.options().from(step.or(() -> line.options().from())),
                "chat",
                file -> change(file, line),
                terminal.client(line.has(Shared.QUIET)));
        int history = Conversation.history(line.text(HISTORY).orElse("0"));
        try (Conversation conversation =
                new Conversation(models, terminal, history, line.has(Shared.JSON), stop, forget)) {
            if (!line.has("--model") && !line.has(Shared.QUIET)) {
                conversation.introduce();
            }
            return conversation.hold(new LineInput(System.in), terminal.typed() && !line.has(Shared.JSON));
        }
    }

    private static void change(ExperimentFile file, Line line) {
        file.typed("samples", "chat");
        file.typed("samples.model", line.has("--model") ? "--model" : "the model of the run");
        List<String> starters = line.texts(STARTER);
        if (!starters.isEmpty()) {
            file.option("samples.questions=" + Engine.json(starters), STARTER);
        }
        if (!line.texts(DecoderOptions.STOP).isEmpty()) {
            file.option("samples.stop=" + Engine.json(line.texts(DecoderOptions.STOP)));
        }
        line.count("--length").ifPresent(length -> file.option("samples.length=" + length, "--length"));
        line.text("--model").ifPresent(model -> file.option("samples.model=" + Engine.json(model)));
        if (DecoderOptions.given(line)) {
            file.option("samples.decoder=" + DecoderOptions.decoder(line, 1));
            DecoderOptions.typed(file);
        }
    }
}
