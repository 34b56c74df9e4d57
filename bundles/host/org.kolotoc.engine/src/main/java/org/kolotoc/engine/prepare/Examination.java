package org.kolotoc.engine.prepare;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Told;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.fill.MetricSeat;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.open.Options;

/**
 * Samples of a checkpoint, judged: by the metrics of its run, or by others. They are those that the run draws at that step,
 * where its experiment is not changed.
 */
public final class Examination implements AutoCloseable {
    private static final String METRICS = "metrics";
    private static final String SAMPLES = "samples";
    private static final String OPTION = "--metric";

    private final Restored restored;

    /** Names of measures that are wanted, by the places of their judges. */
    private final Map<Integer, Set<String>> wanted;

    private Examination(Restored restored, Map<Integer, Set<String>> wanted) {
        this.restored = restored;
        this.wanted = wanted;
    }

    /**
     * Prepares it.
     *
     * @param metrics ids of metrics, their JSON, or names of what they measure, with or without the metric's; all of the run's
     *     own where there is none
     * @param samples which of the run's samples metrics look at that it does not have; the first if not given
     * @param borrowed folders of other runs, by the name of a model there, which takes the place of the one of that name here
     * @param client hears what the ledger notes
     * @throws InputError when the folder is no run's, or something that is wanted can't be measured
     */
    public static Examination of(
            Workshop workshop,
            Path run,
            Options options,
            List<String> metrics,
            Optional<String> samples,
            Map<String, Path> borrowed,
            Client client) {
        Map<String, Borrowed> models = new LinkedHashMap<>();
        borrowed.forEach((name, other) -> models.put(name, Borrowed.of(other, name)));
        requireNamed(metrics, workshop.seats());
        Consumer<ExperimentFile> all = file -> {
            models.values().forEach(model -> model.into(file));
            add(metrics, samples, file, workshop.seats());
        };
        Restored restored = Restored.judging(workshop, run, options, all, models, client);
        try {
            Map<Integer, Set<String>> wanted = wanted(metrics, restored);
            borrowed.keySet().forEach(name -> requireUsed(name, wanted.keySet(), restored.drawing()));
            return new Examination(restored, wanted);
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(restored::close));
            throw e;
        }
    }

    private static void requireNamed(List<String> metrics, Seats seats) {
        if (metrics.stream().anyMatch(String::isBlank)) {
            throw InputError.of(
                    OPTION + " '" + String.join(",", metrics)
                            + "': expected ids of metrics, or names of what they measure,"
                            + " with a comma between (metrics are " + String.join(", ", plugged(seats)) + ")",
                    "leave " + OPTION + " out for those of the run; ./kolotoc list metric says what each is");
        }
    }

    /** Adds what the experiment does not have. */
    private static void add(List<String> metrics, Optional<String> samples, ExperimentFile file, Seats seats) {
        JsonElement there = Optional.ofNullable(file.json().get(METRICS)).orElseGet(JsonArray::new);
        JsonArray all = new JsonArray();
        if (there instanceof JsonArray several) {
            all.addAll(several);
        } else {
            all.add(there);
        }
        boolean takesSamples = false;
        Set<String> known = new HashSet<>(plugged(seats));
        all.forEach(metric -> known.remove(id(metric)));
        for (String metric : metrics) {
            boolean written = metric.startsWith("{");
            JsonObject said = written ? said(metric) : named(metric.replaceFirst("/.*", ""));
            if (written) {
                all.asList().removeIf(own -> id(own).equals(id(said)));
            }
            if (known.remove(id(said)) || written) {
                file.typed(METRICS + "[" + all.size() + "]", OPTION + " " + id(said));
                if (samples.isPresent() && !said.has(SAMPLES)) {
                    said.addProperty(SAMPLES, samples.get());
                    takesSamples = true;
                    file.typed(METRICS + "[" + all.size() + "]." + SAMPLES, "--sample");
                }
                file.typed(
                        METRICS + "[" + all.size() + "].models",
                        OPTION + " " + id(said) + ", for which --with <model>=<run> takes a model from another run");
                all.add(said);
            }
        }
        file.set(METRICS, all);
        if (samples.isPresent() && !takesSamples) {
            throw InputError.of(
                    "--sample " + samples.get() + ": every metric that is asked for is the run's own, which says itself"
                            + " what it looks at",
                    "leave --sample out, or write the metric: " + OPTION + " '{\"id\": ..., \"samples\": \""
                            + samples.get() + "\"}'");
        }
    }

    private static JsonObject named(String id) {
        JsonObject metric = new JsonObject();
        metric.addProperty("id", id);
        return metric;
    }

    private static JsonObject said(String metric) {
        if (ExperimentFile.assigned(List.of("metric=" + metric)).get("metric") instanceof JsonObject said
                && said.has("id")) {
            return said;
        }
        throw InputError.of(
                OPTION + " " + metric + ": expected the JSON of a metric with its \"id\"",
                OPTION + " '{\"id\": \"fid\", \"floor\": 0.7}'");
    }

    private static String id(JsonElement metric) {
        return metric instanceof JsonObject object && object.has("id")
                ? object.get("id").getAsString()
                : "";
    }

    private static List<String> plugged(Seats seats) {
        return seats.installed().stream()
                .filter(plugin -> plugin.kind().equals(Seat.METRIC))
                .map(Seats.Installed::id)
                .distinct()
                .toList();
    }

    private static Map<Integer, Set<String>> wanted(List<String> asked, Restored restored) {
        Experiment experiment = restored.experiment();
        List<MetricSeat> judges = restored.seating().metrics();
        if (judges.isEmpty()) {
            throw InputError.of(
                    "the experiment of " + restored.run() + " has no metrics", "name some: " + OPTION + " <id>,...");
        }
        Map<Integer, Set<String>> wanted = new LinkedHashMap<>();
        for (int i = 0; i < judges.size(); i++) {
            String id = experiment.metrics().get(i).seat().id();
            Set<String> names = names(asked, id, judges.get(i).measures());
            if (!names.isEmpty()) {
                requireDrawn(restored, i);
                wanted.put(i, names);
            }
        }
        asked.forEach(word -> requireKnown(word, experiment, judges));
        return wanted;
    }

    /** All that a metric measures where it alone is named, and not some of its measures. */
    private static Set<String> names(List<String> asked, String id, List<Measure> measures) {
        Set<String> some = new TreeSet<>();
        Set<String> all = new TreeSet<>();
        boolean alone = true;
        for (Measure measure : measures) {
            all.add(measure.name());
            if (asked.stream().anyMatch(word -> isMeasure(word, id, measure.name()))) {
                some.add(measure.name());
                alone &= measure.name().equals(id);
            }
        }
        boolean named = asked.isEmpty() || asked.stream().anyMatch(word -> isMetric(word, id));
        return named && alone ? all : some;
    }

    private static boolean isMetric(String word, String id) {
        return word.startsWith("{") ? id(said(word)).equals(id) : word.equals(id);
    }

    private static boolean isMeasure(String word, String id, String measure) {
        return word.equals(measure) || (id + "/" + word).equals(measure);
    }

    private static void requireKnown(String word, Experiment experiment, List<MetricSeat> judges) {
        List<String> known = new ArrayList<>();
        for (int i = 0; i < judges.size(); i++) {
            String id = experiment.metrics().get(i).seat().id();
            if (isMetric(word, id)
                    || judges.get(i).measures().stream().anyMatch(measure -> isMeasure(word, id, measure.name()))) {
                return;
            }
            judges.get(i).measures().forEach(measure -> known.add(measure.name()));
        }
        throw InputError.of(
                OPTION + " " + word + ": no metric is called so, and none of the run measures that"
                        + Nearest.hint(word, known) + " (they measure " + String.join(", ", known) + ")",
                "./kolotoc list metric shows which there are");
    }

    private static void requireDrawn(Restored restored, int place) {
        Experiment experiment = restored.experiment();
        String samples = experiment.judged(experiment.metrics().get(place));
        Optional.ofNullable(restored.leftOut().get(samples)).ifPresent(why -> {
            throw InputError.of(
                    "samples '" + samples + "' can't be drawn here: " + why,
                    "take a later checkpoint, or metrics of other samples");
        });
        if (experiment.samples().isEmpty()) {
            throw InputError.of(
                    "the experiment of " + restored.run() + " draws no samples that could be judged",
                    "say which: --set 'samples={\"id\": ...}'");
        }
    }

    private static void requireUsed(String model, Set<Integer> judges, Drawing drawing) {
        Set<String> used = new TreeSet<>();
        judges.forEach(place -> used.addAll(drawing.modelsOf(place)));
        if (!used.contains(model)) {
            throw InputError.of(
                    "--with " + model + ": no model of that name is asked for" + Nearest.hint(model, used)
                            + " (what is measured takes "
                            + (used.isEmpty() ? "none" : String.join(", ", used)) + ")",
                    "leave it out, or say which metric takes it: " + OPTION + " '{\"id\": ..., \"models\": {...}}'");
        }
    }

    /** The step of the checkpoint. */
    public long step() {
        return restored.step();
    }

    /** The checkpoint's weights, by the hash of their file. */
    public String sha256() {
        return restored.sha256();
    }

    /**
     * Draws the samples and has them judged.
     *
     * @param client hears how far it is, and may stop it
     * @return by the names of the measures; without those that could not be taken
     */
    public Map<String, Double> measures(Client client) {
        Experiment experiment = restored.experiment();
        Map<String, List<Sample>> drawn = new LinkedHashMap<>();
        Map<String, Double> measured = new LinkedHashMap<>();
        wanted.forEach((place, names) -> {
            String name = experiment.judged(experiment.metrics().get(place));
            List<Sample> samples = drawn.computeIfAbsent(name, _ -> draw(name, client));
            restored.drawing()
                    .judge(place, samples, new Told(client, "judging samples", "parts").of((measure, value) -> {
                                if (names.contains(measure)) {
                                    measured.put(measure, value);
                                }
                            }));
        });
        return measured;
    }

    /** What is wanted of a name of a measure, in the order it is measured. */
    public List<String> wanted() {
        return restored.seating().metrics().stream()
                .flatMap(judge -> judge.measures().stream())
                .map(Measure::name)
                .filter(name -> wanted.values().stream().anyMatch(names -> names.contains(name)))
                .toList();
    }

    private List<Sample> draw(String name, Client client) {
        SamplePlan plan = restored.experiment().samples().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return restored.drawing()
                .draw(plan, restored.step(), new Told(client, "samples", "parts"))
                .samples();
    }

    @Override
    public void close() {
        restored.close();
    }
}
