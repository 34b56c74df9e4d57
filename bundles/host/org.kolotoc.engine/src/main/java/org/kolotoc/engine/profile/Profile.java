package org.kolotoc.engine.profile;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.engine.state.Atomic;

/**
 * Measured times of an experiment's steps; {@code profile.json}.
 *
 * @param experiment its name
 * @param device in words
 */
public record Profile(String schema, String experiment, String backend, String device, List<Phase> phases) {
    public static final String SCHEMA = "kolotoc.profile/1";

    private static final String FILE = "profile.json";
    private static final String PICTURE = "profile.svg";

    /**
     * One phase.
     *
     * @param steps that were measured
     * @param stepMs mean milliseconds of a step by the clock on the wall
     * @param kernels in the order of execution
     */
    public record Phase(String name, long steps, double stepMs, List<Kernel> kernels) {
        /** Milliseconds of a step in kernels. */
        public double kernelMs() {
            return kernels.stream().mapToDouble(Kernel::ms).sum();
        }

        /** Milliseconds of a step outside of kernels: batches, numbers read back. */
        public double outsideMs() {
            return Math.max(0, stepMs - kernelMs());
        }

        /** Kernels that differ in nothing but the number of their layer as one, slowest first. */
        public List<Kernel> grouped() {
            Map<String, List<Kernel>> groups = new LinkedHashMap<>();
            for (Kernel kernel : kernels) {
                String key = kernel.program() + " " + kernel.kind() + " " + kernel.room() + " " + kernel.detail();
                groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(kernel);
            }
            return groups.values().stream()
                    .map(Kernel::together)
                    .sorted(Comparator.comparingDouble(Kernel::ms).reversed())
                    .toList();
        }
    }

    /**
     * One launch of a program, or several that are alike.
     *
     * @param program {@code train}
     * @param name layers and operations, parted by dots: {@code block0.mlp.mat_mul#9}
     * @param detail shapes
     * @param launches in one run of the program
     * @param runs a step
     * @param ms a step, mean
     * @param leastUs of one launch in the best of all runs, mean over the launches
     * @param flops of one run of all launches
     * @param bytes read and written at the least, of one run of all launches
     */
    public record Kernel(
            String program,
            String kind,
            String name,
            String detail,
            int launches,
            double runs,
            double ms,
            double leastUs,
            long flops,
            long bytes) {
        /** Billions of operations a second. */
        public double gflops() {
            return ms == 0 ? 0 : flops * runs / ms / 1e6;
        }

        /** Billions of bytes a second. */
        public double gbytes() {
            return ms == 0 ? 0 : bytes * runs / ms / 1e6;
        }

        /** The name without the numbers of layers and launches: {@code block*.mlp.mat_mul}. */
        String room() {
            int dot = name.lastIndexOf('.');
            String layers = dot < 0 ? "" : name.substring(0, dot + 1).replaceAll("(?<=[^\\d.])\\d+(?=\\.)", "*");
            return layers + name.substring(dot + 1).replaceAll("#\\d+$", "");
        }

        private static Kernel together(List<Kernel> alike) {
            Kernel first = alike.getFirst();
            return new Kernel(
                    first.program,
                    first.kind,
                    first.room(),
                    first.detail,
                    alike.stream().mapToInt(Kernel::launches).sum(),
                    first.runs,
                    alike.stream().mapToDouble(Kernel::ms).sum(),
                    alike.stream().mapToDouble(Kernel::leastUs).average().orElse(0),
                    alike.stream().mapToLong(Kernel::flops).sum(),
                    alike.stream().mapToLong(Kernel::bytes).sum());
        }
    }

    /**
     * Writes {@code profile.json} and {@code profile.svg} into a folder, which is made if need be.
     *
     * @return the picture
     * @throws InputError when it is a run's folder with something in it that is not its own
     */
    public Path write(Path folder) throws IOException {
        RunFolder.lookAtRun(folder);
        Files.createDirectories(folder);
        Atomic.write(folder.resolve(FILE), Engine.json(this) + "\n");
        Atomic.write(folder.resolve(PICTURE), FlamePicture.svg(this));
        return folder.resolve(PICTURE);
    }

    /**
     * The profile that was written into a folder, if one was.
     *
     * @throws InputError when it is not as it must be, with the field
     */
    public static Optional<Profile> in(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        try {
            return Files.isRegularFile(file) ? Optional.of(of(Fields.read(file))) : Optional.empty();
        } catch (JsonParseException e) {
            throw InputError.of(
                    file + ": " + e.getMessage(),
                    "remove it, or profile the run again: ./kolotoc profile " + Printable.word(folder),
                    e);
        }
    }

    private static Profile of(Fields fields) {
        return new Profile(
                fields.oneOf("schema", List.of(SCHEMA)),
                fields.text("experiment"),
                fields.text("backend"),
                fields.text("device"),
                fields.objects("phases").stream().map(Profile::phase).toList());
    }

    private static Phase phase(Fields fields) {
        return new Phase(
                fields.text("name"),
                fields.count("steps"),
                fields.number("stepMs"),
                fields.objects("kernels").stream().map(Profile::kernel).toList());
    }

    private static Kernel kernel(Fields fields) {
        return new Kernel(
                fields.text("program"),
                fields.text("kind"),
                fields.text("name"),
                fields.text("detail"),
                (int) Math.min(fields.count("launches"), Integer.MAX_VALUE),
                fields.number("runs"),
                fields.number("ms"),
                fields.number("leastUs"),
                fields.count("flops"),
                fields.count("bytes"));
    }
}
