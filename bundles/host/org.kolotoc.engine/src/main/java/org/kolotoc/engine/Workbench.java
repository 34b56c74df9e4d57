package org.kolotoc.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Model;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.seat.PhaseSeat;
import org.kolotoc.engine.seat.Seating;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.ShapeError;

/**
 * An experiment with all its seats filled and checked: data open, models sized, state on the device, phases prepared.
 * Nothing has been trained yet. Built in an order that finds what can be found without work first.
 */
public final class Workbench implements AutoCloseable {
    private final Experiment experiment;
    private final Seating seating;
    private final Backend backend;
    private final DataFiles files;
    private final Dataset data;
    private final Map<String, Model> models = new LinkedHashMap<>();
    private final LiveState state;
    private final List<Training> trainings = new ArrayList<>();
    private final Map<String, Prepared> programs = new LinkedHashMap<>();

    /** Every program that a phase ever prepared: of a phase that failed while it did so, nobody else knows. */
    private final List<Prepared> owned = new ArrayList<>();

    /** Nothing sized or prepared yet. */
    private Workbench(
            Experiment experiment, Seating seating, Backend backend, DataFiles files, Dataset data, LiveState state) {
        this.experiment = experiment;
        this.seating = seating;
        this.backend = backend;
        this.files = files;
        this.data = data;
        this.state = state;
    }

    /**
     * Prepares an experiment stage by stage: seats, backend, data, models, phases.
     *
     * @param described where the experiment comes from, for messages
     * @param snapshot to go on from
     * @throws InputError with everything that is wrong at the first stage where something is
     */
    public static Workbench of(
            Experiment experiment, String described, Environment environment, Optional<Snapshot> snapshot) {
        Problems problems = new Problems(described);
        Seating seating = Seating.of(experiment, environment.seats(), problems);
        Backend backend = environment.backends().apply(experiment.backend());
        DataFiles files = new DataFiles(
                environment.data(), environment.waiting(), experiment.seed(), text -> tokenizer(seating, text));
        try {
            return of(experiment, seating, backend, files, problems, snapshot);
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(files::close));
            throw e;
        } finally {
            environment.waiting().end();
        }
    }

    private static Workbench of(
            Experiment experiment,
            Seating seating,
            Backend backend,
            DataFiles files,
            Problems problems,
            Optional<Snapshot> snapshot) {
        Dataset data = at(problems, experiment.data(), () -> seating.data().open(files));
        problems.refuse();
        files.requireAllLocked();
        LiveState state = snapshot.map(s -> new LiveState(backend, experiment.seed(), s))
                .orElseGet(() -> new LiveState(backend, experiment.seed()));
        Workbench bench = new Workbench(experiment, seating, backend, files, data, state);
        try {
            bench.size(problems);
            bench.prepare(problems);
            if (snapshot.isPresent()) {
                state.requireAllRestored();
            }
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(bench::close));
            throw e;
        }
        return bench;
    }

    private void size(Problems problems) {
        seating.models().forEach((role, seat) -> {
            Model model = at(problems, experiment.roles().get(role), () -> weighed(seat.create(data.dimensions())));
            models.put(role, model);
        });
        problems.refuse();
        models.forEach((role, model) -> state.declare(role, model.parameters()));
    }

    private void prepare(Problems problems) {
        for (int i = 0; i < seating.phases().size(); i++) {
            PhaseSeat phase = seating.phases().get(i);
            String prefix = seating.phases().size() == 1 ? "" : "phase " + i + " ";
            Training training =
                    at(problems, experiment.phases().get(i), () -> phase.prepare(new Context(prefix, data)));
            if (training != null) {
                trainings.add(training);
            }
        }
        problems.refuse();
    }

    /** Runs a part of the preparation; what the plugin refuses is noted with the path of its settings. */
    private static <T> T at(Problems problems, SeatRef ref, Supplier<T> part) {
        try {
            return part.get();
        } catch (InputError e) {
            String path = ref.path() + (e.field().isEmpty() ? "" : "." + e.field());
            problems.add(path, e.getMessage() + (e.next().isEmpty() ? "" : "\n    " + e.next()));
            return null;
        } catch (ShapeError e) {
            problems.add(ref.path(), e.getMessage());
            return null;
        }
    }

    private static Tokenizer tokenizer(Seating seating, Text text) {
        return seating.tokenizer()
                .orElseThrow(() -> InputError.of(
                        "this data is text, but the experiment names no tokenizer",
                        "add \"tokenizer\": {\"id\": \"char\"} to the experiment"))
                .fit(text);
    }

    /** What can't even hold its weights is refused before its program is traced, which takes longer the larger it is. */
    private Model weighed(Model model) {
        long bytes = model.parameters().stream()
                .mapToLong(parameter -> parameter.shape().bytes())
                .sum();
        long there = backend.memory().total();
        if (there > 0 && bytes > there) {
            throw InputError.of(
                    "its weights alone take " + MemoryPlan.text(bytes) + ", there is " + MemoryPlan.text(there)
                            + " of memory",
                    "choose a smaller model");
        }
        return model;
    }

    /** What a phase gets. */
    private final class Context implements PhaseContext {
        private final String prefix;
        private final Dataset seen;

        Context(String prefix, Dataset seen) {
            this.prefix = prefix;
            this.seen = seen;
        }

        @Override
        public Model model(String role) {
            Model model = models.get(role);
            if (model == null) {
                throw InputError.of(
                        "the experiment has no model of the role '" + role + "', only " + models.keySet(), "");
            }
            return model;
        }

        @Override
        public Dataset data() {
            return seen;
        }

        @Override
        public TrainState state() {
            return state;
        }

        @Override
        public long seed() {
            return experiment.seed();
        }

        @Override
        public BoundProgram prepare(String name, Program program) {
            Prepared prepared = new Prepared(name, program, backend, state);
            programs.put(prefix + name, prepared);
            owned.add(prepared);
            return prepared;
        }
    }

    public Experiment experiment() {
        return experiment;
    }

    public Backend backend() {
        return backend;
    }

    public Dataset data() {
        return data;
    }

    public LiveState state() {
        return state;
    }

    /** Models by role. */
    public Map<String, Model> models() {
        return models;
    }

    /**
     * Refuses to go on where a checkpoint's tokens meant other text: the shapes may fit, the weights would not.
     *
     * @param checkpoint the tokenizer's state in the checkpoint; null where there was none
     * @throws InputError when it differs from this experiment's, and closes this
     */
    public void requireTokenizer(String checkpoint) {
        String here = data instanceof TextDataset text ? text.tokenizer().state() : null;
        if (!Objects.equals(checkpoint, here)) {
            close();
            throw InputError.of(
                    "the checkpoint is not one of this experiment: its tokens stand for other text",
                    "use the data and the tokenizer the checkpoint was made with, or start a new run");
        }
    }

    /** The prepared phases, in order. */
    public List<Training> trainings() {
        return trainings;
    }

    /** The seats, filled. */
    public Seating seating() {
        return seating;
    }

    /** Programs of all phases, by name. */
    public Map<String, Prepared> programs() {
        return programs;
    }

    /** The data files read, ordered by path. */
    public Collection<DataFile> dataFiles() {
        return files.used();
    }

    /**
     * Refuses a verdict on data that somebody changed while it was used.
     *
     * @throws InputError naming the file
     */
    public void requireUnchangedData() {
        files.requireUnchanged();
    }

    /** What phases and metrics say that they measure; the first of a name. */
    public List<Measure> measures() {
        Map<String, Measure> measures = new LinkedHashMap<>();
        Stream.concat(
                        seating.phases().stream().flatMap(phase -> phase.measures().stream()),
                        seating.metrics().stream().flatMap(metric -> metric.measures().stream()))
                .forEach(measure -> measures.putIfAbsent(measure.name(), measure));
        return List.copyOf(measures.values());
    }

    /** Which phase makes a step, by its place: after step {@code n} of the run it made the last of {@code n} updates. */
    public int phaseOf(long step) {
        long end = 0;
        for (int i = 0; i < trainings.size(); i++) {
            end += trainings.get(i).steps();
            if (step <= end) {
                return i;
            }
        }
        return trainings.size() - 1;
    }

    /** Steps of all phases before one. */
    public long begin(int phase) {
        return trainings.subList(0, phase).stream().mapToLong(Training::steps).sum();
    }

    /** Steps of all phases together. */
    public long steps() {
        return begin(trainings.size());
    }

    /**
     * Prepares the last phase once more, over other data, to measure what it must refuse. The phases have ended: their
     * programs are closed, so that the same content takes no more memory, nor is compiled again where that takes time.
     */
    public Training lastPhaseOver(Dataset other) {
        trainings.forEach(Training::close);
        return seating.phases().getLast().prepare(new Context("control ", other));
    }

    /**
     * What it takes to let the model write.
     *
     * @throws InputError when there is no language model over text, or no decoder
     */
    public Writing writing() {
        Model model = models.get(Writing.ROLE);
        if (!(data instanceof TextDataset text)
                || model == null
                || seating.decoder().isEmpty()) {
            throw InputError.of(
                    "samples are written by a language model over text, and this experiment has none",
                    "take \"samples\" out of the experiment");
        }
        return new Writing(
                backend,
                model,
                name -> state.buffer(Writing.ROLE + "/" + name),
                text.tokenizer(),
                seating.decoder().get(),
                experiment.seed());
    }

    /** Measures samples with every judge of the experiment. */
    public void judge(List<Sample> samples, Measurements out) {
        seating.metrics().forEach(judge -> judge.measure(samples, data, out));
    }

    @Override
    public void close() {
        List<Runnable> closing = new ArrayList<>();
        trainings.forEach(training -> closing.add(training::close));
        owned.forEach(program -> closing.add(program::close));
        closing.add(state::close);
        closing.add(files::close);
        Closing.all(closing);
    }
}
