package org.kolotoc.engine.plan;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.device.Backends;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.Versions;
import org.kolotoc.engine.fill.Filler;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.need.Reason;
import org.kolotoc.engine.need.Shelves;

/**
 * Opens an experiment whose plugins need not all be there.
 *
 * @param runs the folder in which runs of this project lie
 */
public record Planning(Diagnosis diagnosis, Backends backends, Path runs) {
    /** Run folders that are looked into for what is missing, the newest first. */
    private static final int MOST_RUNS = 100;

    private static final int SHOWN = 100;
    private static final String AUTO = "auto";

    /**
     * Says which of an experiment's seats would be filled, and by whom.
     *
     * @throws InputError when the file is no experiment: nobody can tell what it needs
     */
    public Plan of(ExperimentFile file) {
        Experiment experiment = file.experiment();
        Problems problems = new Problems(file.source());
        Filler filler = Filler.tolerant(diagnosis.seats(), problems);
        try {
            Seating.of(experiment, filler, problems);
        } catch (InputError _) {
            // What is missing is told seat by seat.
        }
        List<Plan.Seat> seats = new ArrayList<>();
        Set<String> told = new HashSet<>();
        for (Filler.Asked asked : filler.asked()) {
            if (asked.occupant().isEmpty()) {
                told.add(asked.ref().path() + ".id");
                told.add(asked.ref().path() + "." + Versions.FIELD);
            }
            seats.add(seat(asked, experiment, file.path()));
        }
        if (!experiment.backend().equals(AUTO)) {
            seats.add(backend(experiment.backend()));
        }
        List<String> faults = problems.faults().stream()
                .filter(fault -> !told.contains(fault.path()))
                .map(Problems.Fault::sentence)
                .toList();
        boolean complete = faults.isEmpty() && seats.stream().allMatch(seat -> seat.missing() == null);
        return new Plan(file.path().toString(), complete, seats, faults);
    }

    private Plan.Seat seat(Filler.Asked asked, Experiment experiment, Path file) {
        SeatName name = asked.seat();
        return new Plan.Seat(
                asked.ref().path(),
                name.kind(),
                name.id(),
                asked.occupant()
                        .map(occupant -> occupant.bundle().bundle().getSymbolicName())
                        .orElse(""),
                asked.occupant()
                        .map(occupant -> occupant.bundle().bundle().getVersion().toString())
                        .orElse(""),
                asked.ref().settings(),
                users(asked.ref().path(), experiment),
                asked.occupant().isPresent() ? null : missing(name, file));
    }

    /** Its jar may lie beside the experiment, as in a plugin's project, or in the folder of a run. */
    private Reason missing(SeatName seat, Path file) {
        List<Reason> unusable = diagnosis.of(seat).stream()
                .filter(standing -> !standing.usable())
                .map(Standing::reason)
                .toList();
        Reason first = unusable.isEmpty() ? Reason.of("the " + seat + " could not be made") : unusable.getFirst();
        List<Reason> because = new ArrayList<>(first.because());
        unusable.stream().skip(1).forEach(because::add);
        String next = first.next();
        Path own = file.toAbsolutePath().getParent();
        Optional<Path> built = Stream.of(own, own.resolve("target"))
                .flatMap(folder -> Shelves.jars(folder, seat.kind(), seat.id()).stream())
                .findFirst();
        if (built.isPresent()) {
            because.add(Reason.of("the jar " + built.get() + " has it"));
            return new Reason(first.what(), because, "--plugin " + built.get(), first.raw());
        }
        for (Path run : runs(file)) {
            Path jar = LockedSeats.of(run).keptJar(seat).orElse(null);
            if (jar != null) {
                because.add(Reason.of("the run folder " + run + " keeps a jar of it"));
                next = "--plugin " + jar;
                break;
            }
        }
        return new Reason(first.what(), because, next, first.raw());
    }

    /** The run that a file is the copy of, then those of the project, the newest first. */
    private List<Path> runs(Path file) {
        Path own = file.toAbsolutePath().getParent();
        List<Path> found = new ArrayList<>();
        if (Files.isRegularFile(own.resolve(RunFolder.LOCK))) {
            found.add(own);
        }
        try (Stream<Path> all = Files.list(runs)) {
            all.filter(run -> Files.isRegularFile(run.resolve(RunFolder.LOCK)))
                    .sorted(Comparator.comparing((Path run) ->
                                    run.resolve(RunFolder.LOCK).toFile().lastModified())
                            .reversed())
                    .limit(MOST_RUNS)
                    .forEach(found::add);
        } catch (IOException _) {
            // There are no runs yet.
        }
        return found;
    }

    private Plan.Seat backend(String id) {
        Reason missing = null;
        try {
            backends.find(id);
        } catch (InputError e) {
            missing = new Reason(e.getMessage(), List.of(), e.next(), "");
        }
        return new Plan.Seat("$.backend", "backend", id, "", "", new JsonObject(), List.of("all programs"), missing);
    }

    /** Who refers to what stands at a path by its name. */
    private static List<String> users(String path, Experiment experiment) {
        List<String> users = new ArrayList<>();
        experiment.allModels().forEach((name, plan) -> {
            if (plan.seat().path().equals(path)) {
                uses(experiment, name, true, users);
            }
        });
        experiment.data().forEach((name, ref) -> {
            if (ref.path().equals(path)) {
                uses(experiment, name, false, users);
            }
        });
        experiment.phases().forEach(phase -> {
            if (phase.optimizer() != null && phase.optimizer().path().equals(path)
                    || phase.adapter() != null && phase.adapter().seat().path().equals(path)) {
                users.add("the phase '" + Printable.cut(phase.name(), SHOWN) + "'");
            }
        });
        experiment.samples().stream()
                .filter(plan -> plan.seat().path().equals(path))
                .forEach(plan -> experiment.metrics().stream()
                        .filter(metric -> experiment.judged(metric).equals(plan.name()))
                        .forEach(metric ->
                                users.add("the metric '" + metric.seat().id() + "'")));
        return users;
    }

    /** Phases and samples that name a model or data, or name none where there is but one. */
    private static void uses(Experiment experiment, String name, boolean model, List<String> users) {
        int count = model ? experiment.allModels().size() : experiment.data().size();
        experiment.phases().stream()
                .filter(phase -> names(model ? phase.models() : phase.data(), name, count))
                .forEach(phase -> users.add("the phase '" + Printable.cut(phase.name(), SHOWN) + "'"));
        experiment.samples().stream()
                .filter(plan -> names(model ? plan.model() : plan.data(), name, count))
                .forEach(plan -> users.add("the samples '" + Printable.cut(plan.name(), SHOWN) + "'"));
    }

    private static boolean names(Map<String, String> bound, String name, int count) {
        return bound.isEmpty()
                ? count == 1
                : bound.values().stream().anyMatch(ref -> ref.equals(name) || ref.startsWith(name + "@"));
    }
}
