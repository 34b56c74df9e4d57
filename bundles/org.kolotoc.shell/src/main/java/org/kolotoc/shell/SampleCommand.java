package org.kolotoc.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.Restored;
import org.kolotoc.engine.Sampler;
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
public final class SampleCommand implements ToIntFunction<String[]> {
    private static final String HELP = """
        usage: ./kolotoc sample <run folder> [options]

          --prompt <text>        what the model goes on from; the experiment's if not given
          --length <number>      tokens to write
          --count <number>       how many samples; 1 if not given
          --decoder <id>         greedy, sample, ...; or its JSON: '{"id": "sample", "temperature": 0.5}'
          --from <step>          weights of that step; the newest checkpoint if not given
          --seed <number>        other samples
          --set, --backend, --threads, --json as for run; the data of the run is not needed

        examples:
          ./kolotoc sample runs/shakespeare-1-20260101-120000 --prompt "ROMEO:" --length 400
          ./kolotoc sample runs/shakespeare-1-20260101-120000 --decoder greedy --from 2000
        """;

    private final Engine engine;

    @Activate
    public SampleCommand(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        List<String> valued = List.of("--prompt", "--length", "--count", "--decoder");
        return engine.guarded(() -> sample(Flags.parse(HELP, arguments, valued, List.of())));
    }

    private int sample(Flags flags) {
        if (flags.options().help()) {
            System.out.print(HELP);
            return 0;
        }
        Path folder = Path.of(flags.one("one run folder", "./kolotoc sample runs/<run folder>"));
        try (Restored model = engine.restored(folder, flags.options(), file -> change(file, flags));
                Sampler sampler = new Sampler(model.writing(), model.plan())) {
            SamplePlan plan = model.plan();
            List<String> texts =
                    sampler
                            .write(0, told(flags.options().quiet(), new StatusLine(System.err, engine.screen())))
                            .stream()
                            .map(Sample::text)
                            .toList();
            if (flags.options().json()) {
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
    private static void change(ExperimentFile file, Flags flags) {
        if (!file.has("samples")) {
            file.set("samples={}");
        }
        file.set("samples.count=" + flags.count("--count").orElse(1));
        flags.count("--length").ifPresent(length -> file.set("samples.length=" + length));
        flags.value("--prompt").ifPresent(prompt -> file.set("samples.prompt=" + Engine.json(prompt)));
        flags.value("--decoder")
                .ifPresent(decoder -> file.set("samples.decoder="
                        + (decoder.startsWith("{") ? decoder : "{\"id\": " + Engine.json(decoder) + "}")));
    }
}
