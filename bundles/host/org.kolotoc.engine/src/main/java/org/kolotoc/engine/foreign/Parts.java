package org.kolotoc.engine.foreign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Disk;
import org.kolotoc.engine.state.Listing;

/**
 * Folders in which an export collects its files until all are whole, {@code out.part1234} beside a folder that is not there yet,
 * {@code out/.part1234} in one that is. Each has the number of its process, so that it is known whether anybody still writes, and
 * a mark, without which a folder of such a name is somebody's own.
 *
 * @param folder that is exported to
 */
record Parts(Path folder) {
    private static final Pattern NAME = Pattern.compile("(.*)" + Pattern.quote(Atomic.PART) + "(\\d{1,18})");

    /** The file by which a folder is known to be an export's. */
    private static final String MARK = ".kolotoc-export";

    /** A clock of a file system may be behind that of the processes. */
    private static final long TOLERANCE_SECONDS = 2;

    /** The one of this process. */
    Path own() {
        String part = Atomic.PART + ProcessHandle.current().pid();
        return Files.exists(folder) ? folder.resolve(part) : folder.resolveSibling(folder.getFileName() + part);
    }

    /** Makes a folder that an export collects files in. */
    static void make(Path part) throws IOException {
        Files.createDirectories(part);
        Files.createFile(part.resolve(MARK));
    }

    /** Makes such a folder one like others. */
    static void unmark(Path part) throws IOException {
        Files.deleteIfExists(part.resolve(MARK));
    }

    /**
     * Sees that the folder is not there, or that nothing is in it but what exports that were killed left.
     *
     * @throws InputError naming what is in it, or who writes to it now
     */
    void requireFree() throws IOException {
        for (Path part : all()) {
            if (isWritten(part)) {
                throw InputError.of(
                        "another export writes to " + folder + " now: " + part + " is that of process " + process(part),
                        "wait for it, or give another folder: --out <folder>");
            }
        }
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw InputError.of("the output folder " + folder + " is a file", "give a folder: --out <folder>");
        }
        List<Path> others =
                listed(folder).stream().filter(inside -> !isPart(inside, "")).toList();
        List<Path> parts = inside();
        if (!others.isEmpty()) {
            throw parts.isEmpty()
                    ? InputError.of("the output folder " + folder + " is not empty", "give another: --out <folder>")
                    : InputError.of(
                            "an export that was killed left " + folder + " half filled: " + names(parts) + " and "
                                    + names(others) + " are there",
                            "remove what is in it if none of it is yours, or give another: --out <folder>");
        }
    }

    /** Removes what exports that were killed left, after {@link #requireFree}. */
    void clear() throws IOException {
        for (Path part : all()) {
            Atomic.remove(Disk.SYSTEM, part);
        }
    }

    private List<Path> all() throws IOException {
        List<Path> all = new ArrayList<>(inside());
        Path place = folder.toAbsolutePath().normalize();
        if (place.getFileName() != null) {
            listed(place.getParent()).stream()
                    .filter(beside -> isPart(beside, place.getFileName().toString()))
                    .forEach(all::add);
        }
        return all;
    }

    private List<Path> inside() throws IOException {
        return listed(folder).stream().filter(file -> isPart(file, "")).toList();
    }

    /** What a folder holds, which somebody may have named by a link. */
    private static List<Path> listed(Path folder) throws IOException {
        return Files.isDirectory(folder) ? Listing.of(folder.toRealPath()) : List.of();
    }

    private static boolean isPart(Path file, String before) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches()
                && name.group(1).equals(before)
                && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(file.resolve(MARK), LinkOption.NOFOLLOW_LINKS);
    }

    private static long process(Path part) {
        Matcher name = NAME.matcher(part.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(2)) : 0;
    }

    /** A number that a later process got says nothing: that one began after the folder was last written to. */
    private static boolean isWritten(Path part) throws IOException {
        Instant touched = Files.getLastModifiedTime(part).toInstant();
        return ProcessHandle.of(process(part))
                .filter(ProcessHandle::isAlive)
                .filter(writer -> writer.info()
                        .startInstant()
                        .map(began -> began.isBefore(touched.plusSeconds(TOLERANCE_SECONDS)))
                        .orElse(true))
                .isPresent();
    }

    private static String names(List<Path> files) {
        return String.join(
                ", ", files.stream().map(file -> file.getFileName().toString()).toList());
    }
}
