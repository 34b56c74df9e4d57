package org.kolotoc.engine.foreign;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.StoredTensor;
import org.kolotoc.engine.experiment.Binder;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SettingsJson;
import org.kolotoc.engine.fill.ForeignPlugin;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.guard.Waited;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Disk;
import org.kolotoc.engine.state.Hash;
import org.kolotoc.engine.state.Listing;
import org.kolotoc.engine.state.MetricsSeal;
import org.kolotoc.engine.state.NonFinite;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.ShapeError;

/**
 * What became of a checkpoint of another library.
 *
 * @param folder of the run, whose model is named {@code model} and whose only checkpoint is that of step 0
 * @param family the id of the model family
 * @param parameters numbers that it learned
 * @param leftOut tensors that hold nothing that this model computes with
 * @param tokenizer the id of what reads the tokenizer beside it; nothing where there is none
 * @param tokens that the model knows; 0 where it knows none
 * @param padding how many of these its tokenizer lacks: published models have round numbers of them, and vocabularies gaps
 */
public record Imported(
        Path folder,
        String family,
        String architecture,
        long parameters,
        List<String> leftOut,
        Optional<String> tokenizer,
        int tokens,
        int padding) {
    private static final String ROLE = "model";
    private static final String OTHER_SIZES = "get the file again, or take a checkpoint of other sizes";

    /**
     * Reads a folder and writes another.
     *
     * @param out the run's folder; one below {@code runs} if not given. It is as it was where this does not come to its end
     * @param stop whether somebody wants it to end
     * @throws Stopped when somebody wanted it to end
     * @throws InputError when no family reads it, its configuration asks for what the family has not, or tensors are missing,
     *     left over, of another shape or type, or hold something else than finite numbers: all of these at once
     */
    public static Imported of(Path from, Optional<Path> out, Path project, Seats seats, BooleanSupplier stop)
            throws IOException {
        // A family that makes a large model asks nobody whether it should; before there is a folder nothing has to be
        // undone.
        return Waited.until(stop, "import", () -> looked(from, seats)).written(out, project, stop);
    }

    private static Looked<?> looked(Path from, Seats seats) throws IOException {
        ForeignFiles files = new ForeignFiles(from);
        ForeignConfig config =
                new ForeignConfig(from.resolve(ForeignFiles.CONFIG).toString(), files.config());
        return looked(files, config, reader(seats, config, from), seats);
    }

    private static ForeignPlugin<?> reader(Seats seats, ForeignConfig config, Path from) {
        Map<String, ForeignPlugin<?>> readers = new TreeMap<>();
        for (ForeignPlugin<?> reader : ForeignPlugin.installed(seats, unready -> {
            throw unready;
        })) {
            reader.architectures().forEach(name -> readers.put(name, reader));
        }
        ForeignPlugin<?> reader = readers.get(config.architecture());
        if (reader == null) {
            throw InputError.of(
                    from.resolve(ForeignFiles.CONFIG) + ": \"model_type\" is \"" + config.architecture() + "\""
                            + Nearest.hint(config.architecture(), readers.keySet()) + "; expected one of "
                            + String.join(", ", readers.keySet()),
                    "./kolotoc list shows which model families there are");
        }
        return reader;
    }

    private static <S extends Record> Looked<S> looked(
            ForeignFiles files, ForeignConfig config, ForeignPlugin<S> reader, Seats seats) throws IOException {
        Map<String, ForeignTensor> tensors = files.tensors();
        ForeignModel<S> foreign = reader.occupant()
                .give("read a configuration", () -> reader.foreign().read(config, tensors.keySet()));
        Path sizes = files.folder().resolve(ForeignFiles.CONFIG);
        requireInRange(sizes, foreign.settings());
        List<StoredTensor> stored =
                reader.occupant().give("fixed its sizes", () -> stored(sizes, reader.family(), foreign));
        List<String> leftOut = compare(files.folder(), tensors, stored, foreign);
        Optional<TokenizerFiles.Read> tokenizer =
                TokenizerFiles.read(files.folder(), foreign.data().getOr("vocab", Integer.MAX_VALUE), seats);
        return new Looked<>(
                files.folder(), reader.id(), config.architecture(), foreign, tensors, stored, leftOut, tokenizer);
    }

    /**
     * A checkpoint that can be read: all of it but its weights has been looked at.
     *
     * @param reader the id of its family
     */
    private record Looked<S extends Record>(
            Path from,
            String reader,
            String architecture,
            ForeignModel<S> foreign,
            Map<String, ForeignTensor> tensors,
            List<StoredTensor> stored,
            List<String> leftOut,
            Optional<TokenizerFiles.Read> tokenizer) {
        Imported written(Optional<Path> out, Path project, BooleanSupplier stop) throws IOException {
            String name = from.toAbsolutePath().normalize().getFileName().toString();
            boolean there = out.isPresent() && Files.exists(out.get());
            RunFolder run = RunFolder.create(out, project, name, 1);
            boolean whole = false;
            try (run) {
                run.write(RunFolder.EXPERIMENT, experiment(name, reader, foreign.settings(), tokenizer));
                for (String file : tokenizer.map(TokenizerFiles.Read::files).orElse(List.of())) {
                    Files.copy(from.resolve(file), run.path().resolve(file));
                }
                Map<String, Snapshot.Entry> entries = new TreeMap<>();
                Map<String, String> nonFinite = new TreeMap<>();
                stored.forEach(one -> entries.put(
                        ROLE + "/" + one.parameter().name(),
                        new Snapshot.Made(one.parameter().shape().extents(), () -> {
                            if (stop.getAsBoolean()) {
                                throw new Stopped();
                            }
                            return one.read(part -> read(part, tensors.get(part), nonFinite));
                        })));
                JsonObject more = new JsonObject();
                JsonObject dimensions = new JsonObject();
                new TreeMap<>(foreign.data().extents()).forEach(dimensions::addProperty);
                more.add(Checkpoints.DIMENSIONS, dimensions);
                tokenizer.ifPresent(read ->
                        more.addProperty(Checkpoints.TOKENIZER, read.tokenizer().state()));
                // Weights are read once, while they are written: what is wrong with them is known then, and nothing
                // stays.
                new Checkpoints(run.path()).write(0, new Snapshot(entries, Map.of()), nothingMeasured(), more);
                requireFinite(from, nonFinite);
                new Status(run).write(Status.State.FINISHED, 0);
                long parameters = stored.stream()
                        .mapToLong(one -> one.parameter().shape().size())
                        .sum();
                int tokens = foreign.data().getOr("vocab", 0);
                whole = true;
                return new Imported(
                        run.path(),
                        reader,
                        architecture,
                        parameters,
                        leftOut,
                        tokenizer.map(read -> read.seat().get("id").getAsString()),
                        tokens,
                        tokenizer
                                .map(TokenizerFiles.Read::tokenizer)
                                .map(read -> Math.max(0, tokens - read.vocab() + read.gaps().length))
                                .orElse(0));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } finally {
                if (!whole) {
                    remove(run.path(), there);
                }
            }
        }
    }

    /** A run could not be gone on with where an experiment may not have such settings; nothing is made of them before. */
    private static void requireInRange(Path config, Record settings) {
        Problems problems =
                new Problems(config.toString(), OTHER_SIZES, path -> path.replaceFirst("^\\$", "the model"));
        new Binder(problems).bind(settings.getClass(), SettingsJson.of(settings), "$");
        problems.refuse();
    }

    private static <S extends Record> List<StoredTensor> stored(
            Path config, ModelFamily<S> family, ForeignModel<S> foreign) {
        try {
            Model model = family.create(foreign.settings(), foreign.data());
            return model.states().stream().map(foreign.layout()::of).toList();
        } catch (ShapeError e) {
            throw InputError.of(config + ": a model of these sizes can't be: " + e.getMessage(), OTHER_SIZES, e);
        } catch (InputError e) {
            // The family knows its own settings, not the file that they came from.
            throw e.field().isEmpty()
                    ? e
                    : InputError.of(config + ": the model." + e.field() + " " + e.getMessage(), OTHER_SIZES, e);
        }
    }

    /** @param nonFinite takes the place of a number that is not finite, by the tensor's name */
    private static float[] read(String name, ForeignTensor tensor, Map<String, String> nonFinite) {
        float[] values = tensor.read();
        try {
            NonFinite.first(new Snapshot.Made(tensor.shape(), () -> values))
                    .ifPresent(place -> nonFinite.put(
                            name, tensor.file().getFileName() + " has '" + name + "', which is first " + place));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }

    private static void requireFinite(Path folder, Map<String, String> nonFinite) {
        if (!nonFinite.isEmpty()) {
            throw InputError.of(
                    "the tensors of " + folder + " are not all finite numbers, which nothing can be computed with:\n"
                            + String.join("\n", nonFinite.values()),
                    "get these files again; where they are as they were published, take another checkpoint");
        }
    }

    /** @param there whether somebody made the folder, who keeps it, empty as it was */
    private static void remove(Path run, boolean there) throws IOException {
        for (Path inside : Listing.of(run)) {
            Atomic.remove(Disk.SYSTEM, inside);
        }
        if (!there) {
            Files.delete(run);
        }
    }

    /** The tensors that are left out; every fault of the others is told. */
    private static List<String> compare(
            Path folder, Map<String, ForeignTensor> tensors, List<StoredTensor> stored, ForeignModel<?> foreign) {
        List<String> faults = new ArrayList<>();
        TreeSet<String> others = new TreeSet<>(tensors.keySet());
        stored.forEach(one -> one.shapes().keySet().forEach(others::remove));
        for (StoredTensor one : stored) {
            one.shapes()
                    .forEach((name, shape) -> fault(name, shape, one.parameter(), tensors.get(name), others)
                            .ifPresent(faults::add));
        }
        List<String> leftOut = others.stream().filter(foreign.surplus()).toList();
        others.stream()
                .filter(name -> !leftOut.contains(name))
                .forEach(name -> faults.add("'" + name + "' "
                        + Arrays.toString(tensors.get(name).shape()) + " is left over: the model has no such part"));
        if (!faults.isEmpty()) {
            throw InputError.of(
                    "the tensors of " + folder + " are not those that its " + ForeignFiles.CONFIG + " asks for:\n"
                            + String.join("\n", faults),
                    "get a configuration and tensors that belong together");
        }
        return leftOut;
    }

    private static Optional<String> fault(
            String name, Shape shape, Parameter parameter, ForeignTensor found, TreeSet<String> others) {
        if (found == null) {
            return Optional.of("'" + name + "' " + shape + " is missing, which '" + parameter.name() + "' is made of"
                    + Nearest.hint(name, others));
        }
        if (!Arrays.equals(found.shape(), shape.extents())) {
            return Optional.of("'" + name + "' has shape " + Arrays.toString(found.shape()) + "; expected " + shape);
        }
        return found.isRead()
                ? Optional.empty()
                : Optional.of("'" + name + "' is of type " + found.type() + "; expected "
                        + String.join(", ", ForeignTensor.TYPES));
    }

    private static JsonObject experiment(
            String name, String family, Record settings, Optional<TokenizerFiles.Read> tokenizer) {
        JsonObject model = new JsonObject();
        model.addProperty("id", family);
        SettingsJson.of(settings).asMap().forEach(model::add);
        JsonObject json = new JsonObject();
        json.addProperty("schema", Experiment.SCHEMA);
        json.addProperty("name", name);
        json.add("data", new JsonObject());
        tokenizer.ifPresent(read -> json.add("tokenizer", read.seat()));
        json.add("model", model);
        json.add("phases", new JsonArray());
        return json;
    }

    private static MetricsSeal nothingMeasured() {
        return new MetricsSeal(0, 0, Hash.of(new byte[0]));
    }
}
