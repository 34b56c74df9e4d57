package org.kolotoc.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.Binder;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.ShapeError;

/**
 * An experiment with all its seats filled and checked: data open, models sized, state on the device, phases prepared.
 * Nothing has been trained yet. Built in an order that finds what can be found without work first.
 */
public final class Workbench implements AutoCloseable {
    private final Experiment experiment;
    private final Backend backend;
    private final Dataset data;
    private final DataFiles folders;
    private final Map<String, Model> models = new LinkedHashMap<>();
    private final List<Filled<?>> phases = new ArrayList<>();
    private final List<Filled<?>> judges = new ArrayList<>();
    private final Filled<?> decoder;
    private final LiveState state;
    private final List<Training> trainings = new ArrayList<>();
    private final Map<String, Prepared> programs = new LinkedHashMap<>();

    /** A plugin with its settings. */
    private record Filled<S extends Record>(String id, Object plugin, S settings) {}

    /**
     * Fills the seats of an experiment.
     *
     * @param described where the experiment comes from, for messages
     * @param backends finds a backend by its id
     * @param dataFolder given by the user
     * @param snapshot to go on from
     * @throws InputError with everything that is wrong
     */
    public Workbench(
            Experiment experiment,
            String described,
            Path project,
            Seats seats,
            Function<String, Backend> backends,
            Optional<Path> dataFolder,
            boolean download,
            Optional<Snapshot> snapshot) {
        this.experiment = experiment;
        Problems problems = new Problems(described);
        Filler filler = new Filler(seats, problems);
        Filled<?> source = filler.fill(Seat.DATA, experiment.data(), DataSource.class);
        Filled<?> tokens = experiment.tokenizer() == null
                ? null
                : filler.fill(Seat.TOKENIZER, experiment.tokenizer(), TokenizerFamily.class);
        Map<String, Filled<?>> families = new LinkedHashMap<>();
        experiment.roles().forEach((role, ref) -> families.put(role, filler.fill(Seat.MODEL, ref, ModelFamily.class)));
        experiment.phases().forEach(ref -> phases.add(filler.fill(Seat.PHASE, ref, Phase.class)));
        experiment.metrics().forEach(ref -> judges.add(filler.fill(Seat.METRIC, ref, Metric.class)));
        decoder = experiment.samples() == null
                ? null
                : filler.fill(Seat.DECODER, experiment.samples().decoder(), Decoder.class);
        problems.refuse();
        backend = backends.apply(experiment.backend());
        folders = new DataFiles(dataFolder, project, download, experiment.seed(), text -> tokenizer(tokens, text));
        data = at(problems, experiment.data(), () -> open(source));
        problems.refuse();
        families.forEach((role, family) ->
                models.put(role, at(problems, experiment.roles().get(role), () -> weighed(sized(family)))));
        problems.refuse();
        state = snapshot.map(s -> new LiveState(backend, experiment.seed(), s))
                .orElseGet(() -> new LiveState(backend, experiment.seed()));
        models.forEach((role, model) -> state.declare(role, model.parameters()));
        for (int i = 0; i < phases.size(); i++) {
            Filled<?> phase = phases.get(i);
            String prefix = phases.size() == 1 ? "" : "phase " + i + " ";
            trainings.add(at(problems, experiment.phases().get(i), () -> prepare(phase, new Context(prefix, data))));
        }
        problems.refuse();
        if (snapshot.isPresent()) {
            state.requireAllRestored();
        }
    }

    /** Binds seats and notes what can't be. */
    private record Filler(Seats seats, Problems problems) {
        @SuppressWarnings({"rawtypes", "unchecked"})
        Filled<?> fill(String kind, SeatRef ref, Class<?> type) {
            Object plugin;
            try {
                plugin = seats.get(kind, ref.id(), type);
            } catch (InputError e) {
                problems.add(ref.path() + ".id", e.getMessage() + "\n    " + e.next());
                return null;
            }
            Class settings = Seats.settings(plugin);
            Record bound = new Binder(problems).bind(settings, ref.settings(), ref.path());
            return new Filled(ref.id(), plugin, bound);
        }
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

    @SuppressWarnings("unchecked")
    private static Tokenizer tokenizer(Filled<?> filled, String text) {
        if (filled == null) {
            throw InputError.of(
                    "this data is text, but the experiment names no tokenizer",
                    "add \"tokenizer\": {\"id\": \"char\"} to the experiment");
        }
        return ((TokenizerFamily<Record>) filled.plugin()).fit(filled.settings(), text);
    }

    @SuppressWarnings("unchecked")
    private Dataset open(Filled<?> source) {
        return ((DataSource<Record>) source.plugin()).open(source.settings(), folders);
    }

    @SuppressWarnings("unchecked")
    private Model sized(Filled<?> family) {
        return ((ModelFamily<Record>) family.plugin()).create(family.settings(), data.dimensions());
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

    @SuppressWarnings("unchecked")
    private static Training prepare(Filled<?> phase, PhaseContext context) {
        return ((Phase<Record>) phase.plugin()).prepare(phase.settings(), context);
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

    /** Settings of the phases, in order. */
    List<Record> phaseSettings() {
        return phases.stream().<Record>map(Filled::settings).toList();
    }

    /** Programs of all phases, by name. */
    public Map<String, Prepared> programs() {
        return programs;
    }

    /** Hashes of the data files read, by path. */
    public Map<String, String> dataHashes() {
        return folders.used();
    }

    /** Steps of all phases together. */
    public long steps() {
        return trainings.stream().mapToLong(Training::steps).sum();
    }

    /**
     * Prepares the last phase once more, over other data, to measure what it must refuse. The phases have ended: their
     * programs are closed, so that the same content takes no more memory, nor is compiled again where that takes time.
     */
    public Training lastPhaseOver(Dataset other) {
        trainings.forEach(Training::close);
        return prepare(phases.getLast(), new Context("control ", other));
    }

    /** A way to write with a model and its live weights. */
    public LanguageSession session(Model model, String role) {
        return LanguageSession.of(backend, model, name -> state.buffer(role + "/" + name));
    }

    /** Continues a prompt with the experiment's decoder. */
    @SuppressWarnings("unchecked")
    public int[] decode(LanguageSession session, int[] prompt, int count, CounterRandom random) {
        return ((Decoder<Record>) decoder.plugin()).decode(decoder.settings(), session, prompt, count, random);
    }

    /** Measures samples with every judge of the experiment. */
    @SuppressWarnings("unchecked")
    public void judge(List<Sample> samples, Measurements out) {
        for (Filled<?> judge : judges) {
            ((Metric<Record>) judge.plugin()).measure(judge.settings(), samples, data, out);
        }
    }

    @Override
    public void close() {
        trainings.forEach(Training::close);
        state.close();
    }
}
