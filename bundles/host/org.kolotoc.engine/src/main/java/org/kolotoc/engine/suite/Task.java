package org.kolotoc.engine.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.state.Hash;

/** An experiment that a suite is to run, by the name that it and its folder have there. */
public final class Task {
    private final String name;
    private final Read read;
    private final boolean stays;
    private final Key fault;

    private Task(String name, Read read, boolean stays, Key fault) {
        this.name = name;
        this.read = read;
        this.stays = stays;
        this.fault = fault;
    }

    /** Reads an experiment. */
    @FunctionalInterface
    public interface Read {
        /**
         * Reads it.
         *
         * @param disclosed hears of what the copy in a run's folder makes the program read
         * @throws org.kolotoc.api.InputError when it is none
         */
        ExperimentFile file(Consumer<String> disclosed);
    }

    @FunctionalInterface
    private interface Key {
        String of() throws IOException;
    }

    /** One that is not run anew once it was begun as another: that is refused. */
    public static Task lasting(String name, Read read) {
        return new Task(name, read, true, () -> Hash.of(name.getBytes(StandardCharsets.UTF_8)));
    }

    /** That of a file, which is run anew after it was changed. */
    static Task of(String name, Path file) {
        return new Task(name, disclosed -> ExperimentFile.read(file, disclosed), false, () -> Hash.of(file));
    }

    String name() {
        return name;
    }

    ExperimentFile file(Consumer<String> disclosed) {
        return read.file(disclosed);
    }

    /** Whether it may not be run anew as another. */
    boolean stays() {
        return stays;
    }

    /** What it is known by while it can't be read. */
    String fault() throws IOException {
        return fault.of();
    }
}
