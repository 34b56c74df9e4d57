package org.kolotoc.shell;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.folder.WrittenSamples;

/** The files that samples go to: those that are no text, and what a person wants in one. */
record SampleFiles(Terminal terminal, Line line) {
    static final String FOLDER = "--folder";
    static final String OUT = "--out";
    private static final String TEXT = ".txt";

    /**
     * Who drew them; as {@code --json} tells it, with the files that it became.
     *
     * @param samples name of their plan
     * @param sampler that drew them; null where a run did that goes on, as is the seed
     * @param checkpoint step whose weights they are of
     */
    record Written(List<String> files, String samples, String sampler, Long seed, long checkpoint) {
        static Written by(SamplePlan plan, long seed, long checkpoint) {
            return new Written(List.of(), plan.name(), plan.seat().id(), seed, checkpoint);
        }

        private Written to(List<Path> files) {
            return new Written(files.stream().map(Path::toString).toList(), samples, sampler, seed, checkpoint);
        }
    }

    /** Whether these samples go to files. */
    boolean take(List<Sample> samples) {
        return line.has(OUT) || !samples.getFirst().isText();
    }

    /**
     * Drawing may take long: that the files can be written is seen before, and where the run itself wrote these samples, what
     * they end with. Settings that are given may make others of them.
     *
     * @param alone whether the run has no other samples
     * @throws InputError naming the file, or the option that is missing
     */
    void requirePlace(Path run, SamplePlan plan, boolean alone) throws IOException {
        Optional<String> ending = line.has(Shared.SET)
                ? Optional.empty()
                : WrittenSamples.last(run, alone ? "" : plan.name())
                        .map(last -> last.getFileName().toString().substring(1));
        String known = "samples '" + plan.name() + "' are " + ending.orElse("") + " in this run";
        boolean isText = ending.filter(TEXT::equals).isPresent();
        if (line.has(OUT)) {
            Path file = Path.of(line.text(OUT).orElseThrow());
            ending.ifPresent(last -> requireEnding(known, last, file));
            requireWritable(file, OUT + " <file>");
        } else if (line.has(FOLDER) && !isText) {
            requireWritable(Path.of(line.text(FOLDER).orElseThrow()).resolve("0"), FOLDER + " <folder>");
        } else if (ending.isPresent() && !isText) {
            throw placeless(known, ending.get());
        }
    }

    private static void requireWritable(Path file, String option) {
        boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        try {
            createFolder(file);
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            if (!there) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw InputError.of(
                    file + " can't be written: " + Printable.reason(e), "give another that can be: " + option, e);
        }
    }

    private static void createFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
    }

    /** Of one file the first alone. */
    int write(List<Sample> samples, Written by) throws IOException {
        List<Path> files = new ArrayList<>();
        if (line.has(OUT)) {
            Sample sample = samples.getFirst();
            Path file = Path.of(line.text(OUT).orElseThrow());
            requireEnding("the sample is " + sample.mediaType(), "." + sample.fileEnding(), file);
            files.add(written(sample, file));
        } else {
            Sample first = samples.getFirst();
            Path folder = Path.of(line.text(FOLDER)
                    .orElseThrow(() -> placeless("these samples are " + first.mediaType(), "." + first.fileEnding())));
            for (int i = 0; i < samples.size(); i++) {
                files.add(written(
                        samples.get(i), folder.resolve(i + "." + samples.get(i).fileEnding())));
            }
        }
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(by.to(files)));
        } else {
            files.forEach(terminal.out()::println);
        }
        return 0;
    }

    private static Path written(Sample sample, Path file) throws IOException {
        createFolder(file);
        return Files.write(file, sample.content());
    }

    private static InputError placeless(String known, String ending) {
        return InputError.of(
                known + ", which goes to files",
                "say where: " + OUT + " samples" + ending + ", or " + FOLDER + " <folder>");
    }

    private static void requireEnding(String known, String ending, Path file) {
        if (!file.toString().endsWith(ending)) {
            throw InputError.of(
                    known + "; expected a file whose name ends with " + ending + ", not " + file,
                    OUT + " samples" + ending);
        }
    }
}
