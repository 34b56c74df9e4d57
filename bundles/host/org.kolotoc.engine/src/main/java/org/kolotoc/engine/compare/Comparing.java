package org.kolotoc.engine.compare;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.engine.check.CriteriaCheck;
import org.kolotoc.engine.experiment.Criterion;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.Schema;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.suite.Row;
import org.kolotoc.engine.suite.Suite;
import org.kolotoc.engine.suite.Task;
import org.kolotoc.engine.why.Setting;

/**
 * A comparison: runs of both sides with every seed, one after the other as a suite, then its claims, judged by what is there. Over
 * finished runs it judges anew.
 */
public final class Comparing {
    private final Workshop workshop;
    private final Path file;
    private final ComparisonFile read;
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final List<Claim> claims = new ArrayList<>();
    private final Options options;
    private final Path folder;
    /** All runs of the comparison, which are judged as far as they are there. */
    private final List<Wanted> all = new ArrayList<>();
    /** Those of them that are to be trained now. */
    private final List<Wanted> wanted = new ArrayList<>();

    /** A run that is to be. */
    private record Wanted(String side, long seed) {
        String name() {
            return side + "-" + seed;
        }
    }

    private Comparing(Workshop workshop, Path file, ComparisonFile read, Options options, Path folder) {
        this.workshop = workshop;
        this.file = file;
        this.read = read;
        this.options = options;
        this.folder = folder;
    }

    /**
     * Reads a comparison and checks that it can be made.
     *
     * @param only names of the runs that are to be trained, as {@code gan-1}; all if there is none
     * @param seeds those of its seeds that are to be trained; all if there is none
     * @param options of every run; {@code out} is where it is written, {@code runs/compare-<name>} if not given
     * @throws InputError with everything that is wrong
     */
    public static Comparing of(
            Workshop workshop, Path file, Collection<String> only, Collection<Long> seeds, Options options) {
        ComparisonFile read = ComparisonFile.read(file, workshop.seats());
        Path folder =
                options.out().orElseGet(() -> workshop.project().resolve("runs").resolve("compare-" + read.name()));
        Comparing comparing = new Comparing(workshop, file, read, options.out(Optional.of(folder)), folder);
        comparing.choose(only, seeds);
        comparing.check();
        return comparing;
    }

    /**
     * The JSON Schema of a comparison.
     *
     * @param seats settings record of each installed plugin, by kind, then by id
     */
    public static JsonObject schema(Map<String, Map<String, Class<? extends Record>>> seats) {
        return Sides.required(Schema.file(Comparison.class, Comparison.SCHEMA, Sides.schema(), seats));
    }

    private void choose(Collection<String> only, Collection<Long> seeds) {
        List<Long> there = read.comparison().seeds();
        for (long seed : seeds) {
            if (!there.contains(seed)) {
                throw InputError.of(
                        "--seeds " + seed + ": the comparison has " + there,
                        "name some of these, or add it to \"seeds\"");
            }
        }
        List<String> names = new ArrayList<>();
        for (long seed : there) {
            for (String side : read.sides().names()) {
                Wanted run = new Wanted(side, seed);
                all.add(run);
                names.add(run.name());
                if ((only.isEmpty() || only.contains(run.name())) && (seeds.isEmpty() || seeds.contains(seed))) {
                    wanted.add(run);
                }
            }
        }
        for (String name : only) {
            if (!names.contains(name)) {
                throw InputError.of(
                        "--only " + name + ": there is no such run" + Nearest.hint(name, names),
                        "name some of " + String.join(", ", names));
            }
        }
    }

    /** Finds what no run could be judged by, before one is begun. */
    private void check() {
        long first = read.comparison().seeds().getFirst();
        for (String side : read.sides().names()) {
            ExperimentFile experiment = experiment(new Wanted(side, first));
            try {
                known.put(side, Known.of(experiment, workshop.seats()));
            } catch (InputError e) {
                throw read.sides().of(side, e);
            }
        }
        Problems problems = new Problems(file.toString());
        List<Criterion> bounds = read.comparison().asked();
        for (int i = 0; i < bounds.size(); i++) {
            CriteriaCheck.bounds(bounds.get(i), "$.asked[" + i + "]", problems);
        }
        known.forEach((side, measures) -> {
            List<String> fair = read.comparison().fair().measures();
            for (int i = 0; i < fair.size(); i++) {
                measures.require(fair.get(i), side, "$.fair.measures[" + i + "]", problems);
            }
            List<Criterion> asked = read.comparison().asked();
            for (int i = 0; i < asked.size(); i++) {
                String path = "$.asked[" + i + "]";
                asked.get(i)
                        .readings()
                        .forEach((place, reading) ->
                                measures.require(reading.metric(), side, path + place + ".metric", problems));
            }
            List<Claim> claims = read.comparison().claims();
            for (int i = 0; i < claims.size(); i++) {
                for (String measure : claims.get(i).measures()) {
                    measures.require(measure, side, "$.claims[" + i + "]", problems);
                }
            }
        });
        direct(problems);
        problems.refuse();
    }

    /** Lets claims follow what the measures of both sides say of themselves. */
    private void direct(Problems problems) {
        Map<String, Measure.Better> better = new HashMap<>();
        known.values().forEach(side -> side.better().forEach((name, way) -> better.merge(name, way, Known::both)));
        List<Claim> claimed = read.comparison().claims();
        for (int i = 0; i < claimed.size(); i++) {
            try {
                if (better.keySet().containsAll(claimed.get(i).measures())) {
                    claims.add(claimed.get(i).directed(better));
                }
            } catch (InputError e) {
                problems.add("$.claims[" + i + "]" + (e.field().isEmpty() ? "" : "." + e.field()), e.getMessage());
            }
        }
    }

    private ExperimentFile experiment(Wanted run) {
        return Workshop.changed(read.sides().experiment(run.side(), run.seed(), _ -> {}), options);
    }

    /** The page with the verdicts. */
    public Path page() {
        return folder.resolve(Judgement.PAGE);
    }

    /** What became of it: a row for each run, and the verdicts. */
    public record Result(List<Row> rows, Judgement judgement) {}

    /**
     * Trains what is not trained yet, then judges.
     *
     * @param budget for all of it; without end where there is none
     * @throws InputError when a run is one of another experiment
     */
    public Result run(Optional<Duration> budget, BooleanSupplier stop, Suite.Listener listener)
            throws IOException, InterruptedException {
        List<Wanted> beside = new ArrayList<>(all);
        beside.removeAll(wanted);
        return Suite.of(workshop, read.name(), tasks(wanted), tasks(beside), options)
                .run(budget, stop, listener, this::judged);
    }

    private List<Task> tasks(List<Wanted> runs) {
        return runs.stream()
                .map(run -> Task.lasting(
                        run.name(), disclosed -> read.sides().experiment(run.side(), run.seed(), disclosed)))
                .toList();
    }

    private Result judged(List<Row> rows, List<Row> beside) throws IOException {
        List<RunRecord> records =
                records(Stream.concat(rows.stream(), beside.stream()).toList());
        Judgement judgement = judged(records);
        Atomic.write(
                folder.resolve(Judgement.FILE),
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .serializeNulls()
                                .create()
                                .toJson(judgement.json())
                        + "\n");
        Atomic.write(page(), new ComparisonPage(judgement, records, folder).html());
        return new Result(rows, judgement);
    }

    private List<RunRecord> records(List<Row> rows) throws IOException {
        Map<String, Row> byName = new HashMap<>();
        rows.forEach(row -> byName.put(row.experiment(), row));
        List<RunRecord> records = new ArrayList<>();
        for (Wanted run : all) {
            Row row = byName.get(run.name());
            if (row != null && row.state() != Row.State.NOT_EVALUATED) {
                records.add(RunRecord.of(
                        run.name(),
                        folder.resolve(row.run()),
                        row,
                        experiment(run),
                        read.comparison().asked()));
            }
        }
        return records;
    }

    private Judgement judged(List<RunRecord> records) throws IOException {
        TreeMap<Long, Map<String, RunRecord>> pairs = new TreeMap<>();
        for (Wanted run : all) {
            records.stream()
                    .filter(record -> record.name().equals(run.name()))
                    .forEach(record -> pairs.computeIfAbsent(run.seed(), _ -> new LinkedHashMap<>())
                            .put(run.side(), record));
        }
        // A run without its like in the other side is compared with nothing.
        pairs.values().removeIf(pair -> pair.size() < 2);
        List<String> sides = read.sides().names();
        Bench bench = new Bench(read.comparison(), sides, pairs);
        List<Judgement.Balance> balances = bench.balances();
        return new Judgement(
                read.name(),
                sides,
                records.size(),
                2 * read.comparison().seeds().size(),
                balances,
                bench.judged(claims, balances, known),
                bench.costs(),
                differences());
    }

    /** Settings in which the sides differ, those that nobody gave included. */
    private List<Judgement.Difference> differences() {
        long first = read.comparison().seeds().getFirst();
        Map<String, Map<String, String>> all = new HashMap<>();
        TreeSet<String> paths = new TreeSet<>();
        for (String side : read.sides().names()) {
            for (Setting setting : workshop.why(experiment(new Wanted(side, first)), "")) {
                all.computeIfAbsent(setting.path(), _ -> new LinkedHashMap<>()).put(side, setting.value());
                paths.add(setting.path());
            }
        }
        paths.remove("name");
        return paths.stream()
                .filter(path -> all.get(path).size() < 2
                        || all.get(path).values().stream().distinct().count() > 1)
                .map(path -> new Judgement.Difference(path, all.get(path)))
                .toList();
    }
}
