package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.channel.Probed;
import org.kolotoc.engine.channel.Probing;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.RunFolder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc probe}: reads inner values of a run that goes on. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=probe",
            "kolotoc.command.summary=reads inner values of a run that goes on: gradients, activations, attention, ..."
        })
public final class ProbeCommand implements Command {
    private static final String NAME = "probe";
    private static final String EVERY = "--every";
    private static final String ONCE = "--once";
    private static final String OFF = "--off";
    private static final String SET = "--set";
    private static final String FOLDER = "--folder";
    private static final int USUAL_EVERY = 10;

    private static final Syntax SYNTAX = Syntax.of(NAME, "[<run folder>] <probe> [options]", "[<run folder>]")
            .ofLiveRuns()
            .option(EVERY, "<number>", "reads each step whose number this divides; " + USUAL_EVERY + " if not given")
            .repeated(SET, "<setting>=<value>", "a setting of the probe: --set pixels=64 (repeatable)")
            .flag(ONCE, "reads the next step alone, and prints it")
            .option(FOLDER, "<folder>", "where pictures go of what is read once")
            .flag(OFF, "takes the probe off")
            .takes(Shared.JSON, Shared.QUIET)
            .notes("""
                Without a probe: those that read in the run. A probe is a plugin; with the program come gradient-norms,
                activations, attention, update-ratio and memory, whatever the model and the phase. It runs a program of its own
                beside each that a step runs, over the same batch and the weights as they are before the step: the run is the
                same, to the bit, with it and without. What it reads are lines of probes.jsonl in the run's folder, its newest
                pictures in probes, and both are in the report. The folder may be left out where one run alone goes on in runs.

                examples:
                  ./kolotoc probe gradient-norms
                  ./kolotoc probe runs/shakespeare-1-20260101-120000 attention --every 100 --set pixels=64
                  ./kolotoc probe update-ratio --once
                  ./kolotoc probe gradient-norms --off

                exit code: 0 done; 2 there is no such probe, it finds nothing, or its memory does not fit: the run goes on
                """);

    private final Terminal terminal;
    private final LiveRuns runs;

    @Activate
    public ProbeCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.terminal = terminal;
        this.runs = new LiveRuns(engine, terminal);
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::probe));
    }

    private int probe(Line line) throws IOException {
        List<Path> words = line.paths();
        if (words.size() > 2) {
            throw InputError.of(
                    "expected a probe, or a run folder before it; " + words.size() + " words were given",
                    "./kolotoc probe runs/<run folder> gradient-norms");
        }
        boolean named = !words.isEmpty() && (words.size() == 2 || RunFolder.isRun(words.getFirst()));
        Live run = named ? runs.of(words.getFirst(), line) : runs.only(line, NAME);
        if (words.size() == (named ? 1 : 0)) {
            return list(run, line);
        }
        return probe(run, line.files().getLast(), line);
    }

    private int probe(Live run, String probe, Line line) throws IOException {
        if (line.has(OFF) && (line.has(ONCE) || line.has(EVERY) || line.has(SET))) {
            throw InputError.of(OFF + " takes the probe off, and nothing else", "leave the other options out");
        }
        if (line.has(ONCE) && line.has(EVERY)) {
            throw InputError.of(ONCE + " reads the next step alone", "leave " + EVERY + " out, or " + ONCE);
        }
        Probed probed = line.has(OFF)
                ? run.unprobe(probe)
                : line.has(ONCE)
                        ? run.probeOnce(probe, line.texts(SET))
                        : run.probe(probe, line.texts(SET), line.count(EVERY).orElse(USUAL_EVERY));
        Optional<String> folder = line.text(FOLDER);
        if (folder.isPresent()) {
            write(probed, Path.of(folder.get()));
        }
        terminal.out().println(line.has(Shared.JSON) ? Engine.json(probed.withoutPictures()) : told(probed, run, line));
        return 0;
    }

    private int list(Live run, Line line) {
        List<Probing> probes = run.status().probes();
        terminal.out()
                .println(
                        line.has(Shared.JSON)
                                ? Engine.json(probes)
                                : probes.isEmpty()
                                        ? "no probe reads in " + run.folder()
                                        : table(probes).toString().stripTrailing());
        return 0;
    }

    /** A line for each probe. */
    static Table table(List<Probing> probes) {
        Table table = new Table("probe", "every", "read in step", "of", "values");
        probes.forEach(probe -> table.row(probe.probe(), probe.every(), probe.step(), probe.program(), shown(probe)));
        return table;
    }

    private static String shown(Probing probe) {
        int most = 3;
        List<String> values = probe.values().entrySet().stream()
                .map(value -> value.getKey() + " " + Measures.number(value.getValue()))
                .toList();
        // What is of all comes last.
        return String.join("  ", values.subList(Math.max(0, values.size() - most), values.size()))
                + (values.size() > most ? "  and " + (values.size() - most) + " more" : "");
    }

    private static void write(Probed probed, Path folder) throws IOException {
        Files.createDirectories(folder);
        int number = 0;
        for (Probed.Read read : probed.reads()) {
            for (Sample picture : read.pictures()) {
                Files.write(folder.resolve(number++ + "." + picture.fileEnding()), picture.content());
            }
        }
    }

    private static String told(Probed probed, Live run, Line line) {
        return switch (probed.state()) {
            case "attached" ->
                "the probe '" + probed.probe() + "' reads "
                        + (probed.every() == 1 ? "every step" : "each step whose number " + probed.every() + " divides")
                        + ", with " + Printable.bytes(probed.bytes()) + ", into "
                        + run.folder().resolve("probes.jsonl");
            case "off" -> "the probe '" + probed.probe() + "' is off after step " + probed.step();
            default -> read(probed, line);
        };
    }

    private static String read(Probed probed, Line line) {
        StringBuilder text = new StringBuilder();
        for (Probed.Read read : probed.reads()) {
            Table table = new Table("step " + probed.step() + ", " + read.program() + ", run " + read.run(), "");
            read.values().forEach((name, value) -> table.row(name, Measures.number(value)));
            text.append(table);
            if (!read.pictures().isEmpty() && line.text(FOLDER).isEmpty()) {
                text.append(read.pictures().size())
                        .append(" pictures: ")
                        .append(FOLDER)
                        .append(" keeps them\n");
            }
        }
        return text.toString().stripTrailing();
    }
}
