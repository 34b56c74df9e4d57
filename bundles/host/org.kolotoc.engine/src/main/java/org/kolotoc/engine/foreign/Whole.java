package org.kolotoc.engine.foreign;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Disk;

/**
 * A folder whose files are all there or none: they are written beside it and take their place when the last is whole.
 *
 * @param folder not there, or empty but for what a process that was killed left
 * @param stop whether somebody wants the writing to end
 */
record Whole(Path folder, BooleanSupplier stop) {
    /** What a file has. */
    @FunctionalInterface
    interface Content {
        void write(OutputStream out) throws IOException;
    }

    static Content content(byte[] bytes) {
        return out -> out.write(bytes);
    }

    /** @throws org.kolotoc.api.InputError when the folder holds something, or somebody else writes to it */
    void requireFree() throws IOException {
        new Parts(folder).requireFree();
    }

    /** @throws Stopped when somebody wants the writing to end */
    void goOn() {
        if (stop.getAsBoolean()) {
            throw new Stopped();
        }
    }

    /** @param files the first is the one by which others know the folder: where it must stay, that file comes last */
    void write(Map<String, Content> files) throws IOException {
        Path place = folder.toAbsolutePath().normalize();
        boolean there = Files.exists(place);
        Parts parts = new Parts(place);
        parts.clear();
        Path beside = parts.own();
        try {
            Parts.make(beside);
            for (Map.Entry<String, Content> file : files.entrySet()) {
                write(beside.resolve(file.getKey()), file.getValue());
            }
            goOn();
            if (there) {
                move(List.copyOf(files.keySet()), beside, place);
            } else {
                Parts.unmark(beside);
                Disk.SYSTEM.rename(beside, place);
            }
        } catch (UncheckedIOException e) {
            removed(beside, e.getCause());
            throw e.getCause();
        } catch (IOException | RuntimeException | Error e) {
            removed(beside, e);
            throw e;
        }
        Disk.SYSTEM.forceFolder(place.getParent());
    }

    private static void write(Path file, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.write(Channels.newOutputStream(channel));
            channel.force(true);
        }
    }

    /** A folder that somebody made, and may stand in, stays the same one. */
    private static void move(List<String> names, Path from, Path to) throws IOException {
        List<Path> moved = new ArrayList<>();
        try {
            for (String name : names.reversed()) {
                Files.move(from.resolve(name), to.resolve(name));
                moved.add(to.resolve(name));
            }
        } catch (IOException | RuntimeException | Error e) {
            for (Path file : moved) {
                Files.deleteIfExists(file);
            }
            throw e;
        }
        Parts.unmark(from);
        Files.delete(from);
    }

    private static void removed(Path beside, Throwable why) {
        try {
            Atomic.remove(Disk.SYSTEM, beside);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }
}
