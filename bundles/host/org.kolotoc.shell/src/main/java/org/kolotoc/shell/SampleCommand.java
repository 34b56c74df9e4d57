package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Drawn;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.prepare.Restored;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc sample}: lets the model of a run write, with the weights of a checkpoint. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=sample", "kolotoc.command.summary=lets the model of a run write"})
public final class SampleCommand implements Command {
    private static final String LIVE = "--live";
    private static final String SAMPLE = "--sample";

    private static final String OUT = SampleFiles.OUT;
    private static final String CLASS = "--class";
    private static final String GUIDANCE = "--guidance";
    private static final String DDIM = "--ddim-steps";
    private static final String BETWEEN = "--interpolate";

    private static final String SAMPLES = "samples";

    /** Samplers that walk from noise in steps. */
    private static final List<String> DIFFUSION = List.of("ddpm", "ddim", "dpm-solver");

    /** Those that a generator makes at once are as little text. */
    private static final String GENERATOR = "generator";

    private static final List<String> OF_TEXT = List.of("--prompt", "--length", "--decoder");

    /** Options that set what a sampler may have, by its settings. */
    private static final Map<String, String> SETTING = Map.of(
            "length",
            "--length",
            "prompt",
            "--prompt",
            "decoder",
            "--decoder",
            "model",
            OneModel.OPTION,
            "label",
            CLASS,
            "guidance",
            GUIDANCE,
            "between",
            BETWEEN);

    /** What not every sampler knows. */
    private static final List<String> HOW =
            List.of("--prompt", "--length", "--decoder", OneModel.OPTION, OUT, CLASS, GUIDANCE, DDIM, BETWEEN);

    /** What the experiment of a run that goes on says for itself. */
    private static final List<String> OF_THE_RUN = List.of(
            "--prompt",
            "--length",
            "--count",
            "--decoder",
            OneModel.OPTION,
            OUT,
            CLASS,
            GUIDANCE,
            DDIM,
            BETWEEN,
            "--from",
            "--seed",
            "--set",
            "--backend",
            "--threads",
            "--trust");

    private static final Syntax SYNTAX = Syntax.of("sample", "<run folder> [options]", "[<run folder>] --live")
            .option("--prompt", "<text>", "what the model goes on from; the experiment's if not given")
            .option("--length", "<number>", "tokens to write")
            .option(SAMPLE, "<name>", "which samples of the experiment, where it has several; the first if not given")
            .flag(LIVE, "asks the run that goes on: its weights as they are now, what its experiment says")
            .option(SampleFiles.FOLDER, "<folder>", "where samples go that are no text")
            .option(
                    "--count",
                    "<number>",
                    "how many samples, 1 if not given; with --out how many pictures in the one file")
            .option(OUT, "<file>", "one sample into this file: a grid of pictures")
            .option(CLASS, "<number>", "class of all pictures, by its number from 0; -1 for each in turn")
            .option(GUIDANCE, "<number>", "how much of what the class changes is taken: 1 all, above 1 more than that")
            .option(DDIM, "<number>", "drawn by DDIM in so many steps")
            .option(BETWEEN, "<a>:<b>", "pictures from the noise of number a to that of b, with the class of a")
            .option("--decoder", "<id>", """
                greedy, sample, ...; or its JSON: '{"id": "sample", "temperature": 0.5}'\
                """)
            .option(OneModel.OPTION, "<name>", "which model of the experiment, where it has several and no samples")
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
                The data of the run is not needed, and may be gone; samples that ask for it are left out, which is told.

                examples:
                  ./kolotoc sample runs/shakespeare-1-20260101-120000 --prompt "ROMEO:" --length 400
                  ./kolotoc sample runs/shakespeare-1-20260101-120000 --decoder greedy --from 2000
                  ./kolotoc sample runs/shakespeare-1-20260101-120000 --live
                  ./kolotoc sample runs/diffusion-fashion-1-20260101-120000 --count 64 --out grid.png --class 3 --guidance 3
                  ./kolotoc sample runs/diffusion-fashion-1-20260101-120000 --out path.png --count 8 --interpolate 3:17
                """);

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public SampleCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::sample));
    }

    private int sample(Line line) throws IOException {
        if (line.has(LIVE)) {
            return live(line);
        }
        Path folder = line.file("one run folder", "./kolotoc sample runs/<run folder>");
        Optional<String> meant = line.text(SAMPLE).or(() -> drawn(folder, line));
        try (Restored model = engine.restored(
                folder, line.options(), file -> change(file, line, meant), terminal.client(line.has(Shared.QUIET)))) {
            SamplePlan plan = plan(model, line.text(SAMPLE));
            if (!line.has(SAMPLE) && !line.has(Shared.QUIET)) {
                model.leftOut()
                        .forEach((name, why) -> terminal.err().println("left out: samples '" + name + "': " + why));
            }
            new SampleFiles(terminal, line)
                    .requirePlace(
                            folder, plan, model.plans().size() + model.leftOut().size() == 1);
            return show(
                    model.draw(plan, 0, told(line.has(Shared.QUIET), terminal.line())),
                    plan.text("prompt"),
                    SampleFiles.Written.by(plan, model.seed(), model.step()),
                    line);
        }
    }

    /** Which of several samples the line is about, where it says more than how many: the first that can be drawn. */
    private Optional<String> drawn(Path folder, Line line) {
        if (HOW.stream().noneMatch(line::has)) {
            return Optional.empty();
        }
        boolean[] several = new boolean[1];
        try (Restored model = engine.restored(
                folder,
                line.options(),
                file -> {
                    several[0] = file.isList(SAMPLES);
                    if (!several[0]) {
                        requireText(file, line, Optional.empty());
                    }
                    count(file, line);
                },
                new Client(() -> false, _ -> {}))) {
            return several[0] ? Optional.of(plan(model, Optional.empty()).name()) : Optional.empty();
        }
    }

    /** Has a run draw that goes on. */
    private int live(Line line) throws IOException {
        for (String option : OF_THE_RUN) {
            if (line.has(option)) {
                throw InputError.of(
                        LIVE + " draws what the experiment of the run says; " + option + " was given too",
                        "leave " + option + " out, or " + LIVE + ", to take a checkpoint");
            }
        }
        Drawn drawn = new LiveRuns(engine, terminal).one(line, "sample " + LIVE).sample(line.text(SAMPLE));
        return show(
                drawn.samples(),
                drawn.prompt(),
                new SampleFiles.Written(List.of(), drawn.name(), null, null, drawn.step()),
                line);
    }

    private int show(List<Sample> samples, String prompt, SampleFiles.Written by, Line line) throws IOException {
        SampleFiles files = new SampleFiles(terminal, line);
        if (files.take(samples)) {
            return files.write(samples, by);
        }
        List<String> texts = samples.stream().map(Sample::text).toList();
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(texts));
            return 0;
        }
        List<String> shown = new ArrayList<>();
        texts.forEach(text -> shown.add(prompt + text));
        String all = String.join("\n---\n", shown);
        terminal.out().println(terminal.written(all));
        return 0;
    }

    /** The samples of that name, or the first. */
    private static SamplePlan plan(Restored model, Optional<String> name) {
        List<SamplePlan> plans = model.plans();
        name.map(model.leftOut()::get).ifPresent(why -> {
            throw InputError.of(
                    "samples '" + name.get() + "' can't be drawn here: " + why,
                    SAMPLE + " " + plans.getFirst().name());
        });
        List<String> names = plans.stream().map(SamplePlan::name).toList();
        return name.isEmpty()
                ? plans.getFirst()
                : plans.stream()
                        .filter(plan -> plan.name().equals(name.get()))
                        .findFirst()
                        .orElseThrow(() -> unknown(name.get(), names));
    }

    /** Says every few seconds how far the writing is, beside the output. */
    private static Reached told(boolean quiet, StatusLine line) {
        return (done, all) -> {
            if (!quiet && line.isDue()) {
                line.show("samples: " + done + "/" + all);
            }
            if (done == all) {
                line.end();
            }
        };
    }

    /**
     * Puts what was asked for into the experiment, so that it is checked as everything in it.
     *
     * @param meant which of several samples
     */
    private static void change(ExperimentFile file, Line line, Optional<String> meant) {
        count(file, line);
        requireText(file, line, meant);
        String at = file.isList(SAMPLES) ? SAMPLES + "." + meant.orElse("0") : SAMPLES;
        SETTING.forEach((field, option) -> file.offer(at + "." + field, option));
        line.count("--length").ifPresent(length -> file.option(at + ".length=" + length, "--length"));
        line.text("--prompt").ifPresent(prompt -> file.option(at + ".prompt=" + Engine.json(prompt), "--prompt"));
        line.text(OneModel.OPTION)
                .ifPresent(model -> file.option(at + ".model=" + Engine.json(model), OneModel.OPTION));
        line.text(CLASS).ifPresent(label -> file.option(at + ".label=" + label, CLASS));
        line.text(GUIDANCE).ifPresent(guidance -> file.option(at + ".guidance=" + guidance, GUIDANCE));
        line.text(DDIM).ifPresent(steps -> {
            requireDiffusion(file, meant);
            file.option(at + ".id=ddim", DDIM);
            file.option(at + ".steps=" + steps, DDIM);
        });
        line.text(BETWEEN).ifPresent(pair -> file.option(at + ".between=" + between(pair), BETWEEN));
        if (line.has(OUT)) {
            line.count("--count").ifPresent(count -> file.option(at + ".examples=" + count, "--count"));
        }
        line.text("--decoder")
                .ifPresent(decoder -> file.option(
                        at + ".decoder="
                                + (decoder.startsWith("{") ? decoder : "{\"id\": " + Engine.json(decoder) + "}"),
                        "--decoder"));
    }

    /** DDIM takes the settings of those that draw from the same models, and of no other. */
    private static void requireDiffusion(ExperimentFile file, Optional<String> meant) {
        drawn(file, meant).filter(plan -> !DIFFUSION.contains(plan.seat().id())).ifPresent(plan -> {
            throw InputError.of(
                    DDIM + ": " + told(plan) + ", which is no diffusion; expected one of "
                            + String.join(", ", DIFFUSION),
                    "leave " + DDIM + " out, or name other samples: " + SAMPLE + " <name>");
        });
    }

    private static void requireText(ExperimentFile file, Line line, Optional<String> meant) {
        Optional<String> typed = OF_TEXT.stream().filter(line::has).findFirst();
        drawn(file, meant).ifPresent(plan -> {
            boolean diffusion = DIFFUSION.contains(plan.seat().id());
            if (typed.isPresent() && (diffusion || plan.seat().id().equals(GENERATOR))) {
                String option = typed.get();
                throw InputError.of(
                        option + ": " + told(plan)
                                + ", which draws pictures or points and writes no text; expected one of " + CLASS + ", "
                                + BETWEEN + (diffusion ? ", " + GUIDANCE + ", " + DDIM : ""),
                        "leave " + option + " out, or name other samples: " + SAMPLE + " <name>");
            }
        });
    }

    private static Optional<SamplePlan> drawn(ExperimentFile file, Optional<String> meant) {
        return file.copy().untrained().samples().stream()
                .filter(plan -> meant.isEmpty() || plan.name().equals(meant.get()))
                .findFirst();
    }

    private static String told(SamplePlan plan) {
        return "samples '" + plan.name() + "' are drawn by '" + plan.seat().id() + "'";
    }

    private static String between(String pair) {
        if (!pair.matches("\\d{1,9}:\\d{1,9}")) {
            throw InputError.of(
                    BETWEEN + " " + pair + ": expected two numbers of pictures, as 3:17", BETWEEN + " 3:17");
        }
        return "[" + pair.replace(":", ", ") + "]";
    }

    /** Of all samples: which of them will be drawn is not known here. */
    private static void count(ExperimentFile file, Line line) {
        List<SamplePlan> all = file.copy().untrained().samples();
        if (all.isEmpty()) {
            OneModel.require(file, line);
            file.option(SAMPLES + "={}");
            line.text(OneModel.OPTION).ifPresent(model -> file.option(SAMPLES + ".model=" + Engine.json(model)));
        }
        int count = line.has(OUT) ? 1 : line.count("--count").orElse(1);
        if (!file.isList(SAMPLES)) {
            file.option(SAMPLES + ".count=" + count);
            return;
        }
        List<String> names = all.stream().map(SamplePlan::name).toList();
        line.text(SAMPLE).filter(name -> !names.contains(name)).ifPresent(name -> {
            throw unknown(name, names);
        });
        for (int i = 0; i < names.size(); i++) {
            file.option(SAMPLES + "." + i + ".count=" + count);
        }
    }

    private static InputError unknown(String name, List<String> names) {
        return InputError.of(
                "the experiment has no samples '" + name + "'" + Nearest.hint(name, names) + " (there is "
                        + String.join(", ", names) + ")",
                SAMPLE + " " + names.getFirst());
    }
}
