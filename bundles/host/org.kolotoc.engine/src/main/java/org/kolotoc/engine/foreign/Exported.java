package org.kolotoc.engine.foreign;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.StoredTensor;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.ModelPlan;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.fill.ForeignSeat;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.guard.Waited;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Parameter;

/**
 * What was written of a model for another library.
 *
 * @param architecture as the other library calls it
 * @param step of the checkpoint
 * @param files names of what was written
 * @param tokenizer id of the tokenizer that has no such files; empty where it was written, or the model has none
 * @param trained whether a run made the weights, and not an import
 */
public record Exported(
        Path folder, String architecture, long step, List<String> files, String tokenizer, boolean trained) {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /**
     * Writes a model of a run in the Hugging Face layout.
     *
     * @param step of the checkpoint; the newest if not given
     * @param name of the model, where the run has several
     * @param out a folder that is not there, or empty but for what exports that were killed left; as it was where this does
     *     not come to its end
     * @param stop whether somebody wants it to end
     * @throws InputError when the layout can't say what the model has, or the folder holds something
     * @throws Stopped when somebody wanted it to end
     */
    public static Exported of(
            Path run, Optional<Long> step, Optional<String> name, Path out, Seats seats, BooleanSupplier stop)
            throws IOException {
        RunFolder.look(run);
        ExperimentFile file = ExperimentFile.read(run.resolve(RunFolder.EXPERIMENT));
        Experiment experiment = file.untrained();
        Checkpoint checkpoint = new Checkpoints(run).read(step);
        String role = role(experiment, name, seats, new Problems(file.source()));
        ModelPlan plan = experiment.allModels().get(role);
        Problems problems = new Problems(file.source());
        Optional<ForeignSeat<?>> seat = ForeignSeat.of(seats, plan.seat(), problems);
        problems.refuse();
        Dimensions data = new Dimensions(checkpoint
                .dimensions()
                .orElseThrow(() -> InputError.of(
                        "checkpoint " + checkpoint.path() + " does not say how large its data was: an older version"
                                + " wrote it",
                        "go on with the run for a step: ./kolotoc run --resume " + Printable.word(run))));
        Whole whole = new Whole(out, stop);
        whole.requireFree();
        Looked looked = Waited.until(stop, "export", () -> looked(seat.orElseThrow(), data, checkpoint, role, whole));
        return write(looked, checkpoint, experiment, whole, seats);
    }

    private static String role(Experiment experiment, Optional<String> name, Seats seats, Problems problems) {
        Set<String> there = experiment.allModels().keySet();
        if (name.isEmpty() && there.size() > 1) {
            String able = there.stream()
                    .filter(model -> ForeignSeat.of(
                                    seats, experiment.allModels().get(model).seat(), problems)
                            .isPresent())
                    .findFirst()
                    .orElseThrow(problems::error);
            throw InputError.of(
                    "the run has several models: " + String.join(", ", there), "say which: --model " + able);
        }
        String role = name.orElseGet(() -> there.iterator().next());
        if (!there.contains(role)) {
            throw InputError.of(
                    "there is no model '" + role + "'" + Nearest.hint(role, there) + " (there is "
                            + String.join(", ", there) + ")",
                    "--model " + there.iterator().next());
        }
        return role;
    }

    /** What will be written, before a weight of it is read. */
    private record Looked(WrittenModel written, Map<String, Snapshot.Entry> tensors) {}

    private static Looked looked(ForeignSeat<?> seat, Dimensions data, Checkpoint checkpoint, String role, Whole out) {
        WrittenModel written = seat.written(data);
        String config = out.folder().resolve(ForeignFiles.CONFIG).toString();
        ForeignModel<?> read = seat.read(new ForeignConfig(config, written.config()), written.tensors());
        Model model = seat.create(data);
        requireSame(seat, model, seat.create(read));
        return new Looked(
                written, tensors(model, read.layout()::of, checkpoint.snapshot().of(role), checkpoint, out));
    }

    private static Exported write(Looked looked, Checkpoint checkpoint, Experiment experiment, Whole out, Seats seats)
            throws IOException {
        WrittenModel written = looked.written();
        Optional<Map<String, byte[]>> tokenizer = checkpoint.tokenizer() == null
                ? Optional.of(Map.of())
                : TokenizerFiles.write(experiment.tokenizer().seat().id(), checkpoint.tokenizer(), seats);
        Map<String, Whole.Content> files = new LinkedHashMap<>();
        files.put(
                ForeignFiles.CONFIG,
                Whole.content((GSON.toJson(new TreeMap<>(written.config())) + "\n").getBytes(StandardCharsets.UTF_8)));
        // The other library wants to be told who wrote it.
        files.put(ForeignFiles.ONE, stream -> Snapshot.write(looked.tensors(), Map.of("format", "pt"), stream));
        new TreeMap<>(tokenizer.orElse(Map.of())).forEach((file, content) -> files.put(file, Whole.content(content)));
        out.write(files);
        return new Exported(
                out.folder(),
                String.valueOf(written.config().get("model_type")),
                checkpoint.step(),
                List.copyOf(files.keySet()),
                tokenizer.isPresent() ? "" : experiment.tokenizer().seat().id(),
                !experiment.phases().isEmpty());
    }

    /** What is read back has to be the same model: a family that forgets a setting would write nonsense. */
    private static void requireSame(ForeignSeat<?> seat, Model model, Model again) {
        List<String> mine = shapes(model);
        List<String> others = shapes(again);
        if (!mine.equals(others)) {
            List<String> differing = new ArrayList<>(mine);
            differing.removeAll(others);
            throw new IllegalStateException(
                    seat.occupant() + " writes a configuration of another model, which lacks " + differing);
        }
    }

    private static List<String> shapes(Model model) {
        return model.states().stream()
                .map(state -> state.name() + " " + state.shape())
                .toList();
    }

    private static Map<String, Snapshot.Entry> tensors(
            Model model,
            Function<Parameter, StoredTensor> layout,
            Map<String, Snapshot.Entry> stored,
            Checkpoint checkpoint,
            Whole out) {
        List<String> missing = model.states().stream()
                .map(Parameter::name)
                .filter(name -> !stored.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw InputError.of(
                    checkpoint.path() + " lacks tensors of the model: " + String.join(", ", missing),
                    "use the experiment and the plugins that the run was made with");
        }
        Map<String, Snapshot.Entry> tensors = new TreeMap<>();
        for (Parameter parameter : model.states()) {
            StoredTensor place = layout.apply(parameter);
            place.shapes()
                    .forEach((part, shape) -> tensors.put(part, new Snapshot.Made(shape.extents(), () -> {
                        out.goOn();
                        return place.write(elements(stored.get(parameter.name())))
                                .get(part);
                    })));
        }
        return tensors;
    }

    private static float[] elements(Snapshot.Entry entry) {
        try {
            return entry.floats();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
