package org.kolotoc.shell;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.channel.Evaluation;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.prepare.Examination;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc evaluate}: has samples of a checkpoint judged, or a run that goes on measure. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=evaluate",
            "kolotoc.command.summary=measures a run: samples of a checkpoint, or held-out data while it goes on",
            "kolotoc.command.stoppable=true",
            "kolotoc.command.stopping=stopping when the part at hand is done"
        })
public final class EvaluateCommand implements Command {
    private static final String METRIC = "--metric";
    private static final String WITH = "--with";
    private static final String SAMPLE = "--sample";

    /** What only a checkpoint is asked. */
    private static final List<String> OF_A_CHECKPOINT =
            List.of(METRIC, WITH, SAMPLE, "--from", "--seed", "--set", "--backend", "--threads", "--trust", "--data");

    private static final Syntax SYNTAX = Syntax.of("evaluate", "[<run folder>] [options]")
            .ofLiveRuns()
            .repeated(METRIC, "<name>,...", """
                metrics, or some of what they measure: fid,precision; or one's JSON: '{"id": "fid", "floor": 0.7}'; those of the run if not \
                given\
                """)
            .repeated(WITH, "<model>=<run>", "takes that model from another run, in the place of one of that name")
            .option(
                    SAMPLE,
                    "<name>",
                    "which samples metrics look at that the run does not have; the first if not given")
            .takes(
                    Shared.FROM,
                    Shared.SEED,
                    Shared.SET,
                    Shared.DATA,
                    Shared.BACKEND,
                    Shared.THREADS,
                    Shared.TRUST,
                    Shared.JSON,
                    Shared.QUIET)
            .notes("""
                A run that goes on measures on held-out data before its next step, where no option is given that asks a checkpoint.
                Of a checkpoint the samples are drawn again, as the run draws them at that step, and judged with the run's data.
                Nothing of the run is changed. What could not be measured is left out, and said.

                examples:
                  ./kolotoc evaluate
                  ./kolotoc evaluate runs/gan-fashion-1-20260101-120000 --metric fid,precision
                  ./kolotoc evaluate runs/gan-ring-1-20260101-120000 --metric modes --from 4000
                  ./kolotoc evaluate runs/mine-1-20260101-120000 --metric fid --with judge=runs/gan-fashion-1-20260101-120000

                exit code: 0 done; 2 bad input; 130 stopped\
                """);

    private final Engine engine;
    private final Terminal terminal;
    private final BooleanSupplier stop;

    @Activate
    public EvaluateCommand(
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
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::evaluate));
    }

    private int evaluate(Line line) {
        boolean asksCheckpoint = OF_A_CHECKPOINT.stream().anyMatch(line::has);
        boolean ended = !line.files().isEmpty()
                && engine.liveIn(line.file("one run folder", "./kolotoc evaluate runs/<run folder>"))
                        .isEmpty();
        terminal.out()
                .println(
                        asksCheckpoint || ended
                                ? checkpoint(line)
                                : live(
                                        new LiveRuns(engine, terminal)
                                                .one(line, "evaluate")
                                                .evaluate(),
                                        line));
        return ExitCode.DONE.code();
    }

    private String checkpoint(Line line) {
        Path run = line.file("one run folder", "./kolotoc evaluate runs/<run folder> " + METRIC + " <name>");
        List<String> metrics = line.texts(METRIC).stream()
                .flatMap(text -> text.startsWith("{") ? Stream.of(text) : Stream.of(text.split(",", -1)))
                .map(String::strip)
                .toList();
        Client client = terminal.client(stop, line.has(Shared.QUIET));
        try (Examination examination =
                engine.examination(run, line.options(), metrics, line.text(SAMPLE), borrowed(line), client)) {
            Map<String, Double> measures = examination.measures(client);
            List<String> missing = examination.wanted().stream()
                    .filter(name -> !measures.containsKey(name))
                    .toList();
            if (line.has(Shared.JSON)) {
                return Engine.json(new Measured(run.toString(), examination.step(), examination.sha256(), measures));
            }
            Table table = new Table("samples of " + run + " after step " + examination.step(), "");
            measures.forEach((name, value) -> table.row(name, Measures.number(value)));
            missing.forEach(name -> table.row(name, "not evaluated"));
            return table.toString().stripTrailing();
        }
    }

    /**
     * What {@code --json} prints of a checkpoint.
     *
     * @param checkpoint hash of the weights
     */
    private record Measured(String run, long step, String checkpoint, Map<String, Double> measures) {}

    private static Map<String, Path> borrowed(Line line) {
        Map<String, Path> borrowed = new LinkedHashMap<>();
        for (String text : line.texts(WITH)) {
            String[] parts = text.split("=", 2);
            if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
                throw InputError.of(
                        WITH + " " + text + ": expected the name of a model and a run's folder",
                        WITH + " judge=runs/<run folder>");
            }
            borrowed.put(parts[0].strip(), Path.of(parts[1]));
        }
        return borrowed;
    }

    private static String live(Evaluation evaluation, Line line) {
        if (line.has(Shared.JSON)) {
            return Engine.json(evaluation);
        }
        String where = "after step " + evaluation.step() + ", " + evaluation.phase();
        if (evaluation.measures().isEmpty()) {
            return where + ": the phase measures nothing in an evaluation";
        }
        Table table = new Table(where, "");
        evaluation.measures().forEach((name, value) -> table.row(name, Measures.number(value)));
        return table.toString().stripTrailing();
    }
}
