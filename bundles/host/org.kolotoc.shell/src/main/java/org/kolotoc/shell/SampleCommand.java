package org.kolotoc.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.Restored;
import org.kolotoc.engine.Sampler;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.progress.StatusLine;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc sample}: lets the model of a run write, with the weights of a checkpoint. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=sample", "kolotoc.command.summary=lets the model of a run write"})
public final class SampleCommand implements Command {
    private static final Syntax SYNTAX = Syntax.of("sample", "<run folder> [options]")
            .option("--prompt", "<text>", "what the model goes on from; the experiment's if not given")
            .option("--length", "<number>", "tokens to write")
            .option("--count", "<number>", "how many samples; 1 if not given")
            .option("--decoder", "<id>", """
                greedy, sample, ...; or its JSON: '{"id": "sample", "temperature": 0.5}'\
                """)
            .takes(
                    Shared.FROM,
                    Shared.SEED,
                    Shared.SET,
                    Shared.BACKEND,
                    Shared.THREADS,
                    Shared.TRUST,
                    Shared.JSON,
                    Shared.QUIET)
            .notes("""
                The data of the run is not needed, and may be gone.

                examples:
                  ./kolotoc sample runs/shakespeare-1-20260101-120000 --prompt "ROMEO:" --length 400
                  ./kolotoc sample runs/shakespeare-1-20260101-120000 --decoder greedy --from 2000
                """);

    private final Engine engine;

    @Activate
    public SampleCommand(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return engine.guarded(() -> SYNTAX.run(arguments, this::sample));
    }

    private int sample(Line line) {
        Path folder = line.file("one run folder", "./kolotoc sample runs/<run folder>");
        try (Restored model = engine.restored(folder, line.options(), file -> change(file, line));
                Sampler sampler = new Sampler(model.writing(), model.plan())) {
            SamplePlan plan = model.plan();
            List<String> texts =
                    sampler.write(0, told(line.has(Shared.QUIET), new StatusLine(System.err, engine.screen()))).stream()
                            .map(Sample::text)
                            .toList();
            if (line.has(Shared.JSON)) {
                System.out.println(Engine.json(texts));
                return 0;
            }
            List<String> shown = new ArrayList<>();
            texts.forEach(text -> shown.add(plan.prompt() + text));
            String all = String.join("\n---\n", shown);
            // What goes to a file goes there as it is.
            System.out.println(engine.screen().overwrites() ? Printable.lines(all) : all);
            return 0;
        }
    }

    /** Says every few seconds how far the writing is, beside the output. */
    private static Sampler.Listener told(boolean quiet, StatusLine line) {
        // What is over in a moment is not worth one.
        line.pause();
        return (tokens, all) -> {
            if (!quiet && line.isDue()) {
                line.show("samples: " + tokens + "/" + all + " tokens");
            }
            if (tokens == all) {
                line.end();
            }
        };
    }

    /** Puts what was asked for into the experiment, so that it is checked as everything in it. */
    private static void change(ExperimentFile file, Line line) {
        if (!file.has("samples")) {
            file.set("samples={}");
        }
        file.set("samples.count=" + line.count("--count").orElse(1));
        line.count("--length").ifPresent(length -> file.set("samples.length=" + length));
        line.text("--prompt").ifPresent(prompt -> file.set("samples.prompt=" + Engine.json(prompt)));
        line.text("--decoder")
                .ifPresent(decoder -> file.set("samples.decoder="
                        + (decoder.startsWith("{") ? decoder : "{\"id\": " + Engine.json(decoder) + "}")));
    }
}
