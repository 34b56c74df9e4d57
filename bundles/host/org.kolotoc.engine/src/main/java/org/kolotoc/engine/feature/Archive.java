package org.kolotoc.engine.feature;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.state.Hash;

/** Unpacks an archive into a folder and nowhere else, up to a size. */
final class Archive {
    private static final int MOST_ENTRIES = 2_000;
    private static final long MOST_BYTES = 1L << 30;
    private static final int SHOWN = 120;

    private Archive() {}

    /**
     * Unpacks a zip file.
     *
     * @throws InputError when a name in it leads out of the folder, or it holds too much; the folder is not to be used then
     */
    static void unpack(Path zip, Path folder) {
        unpack(zip, folder, MOST_BYTES);
    }

    /** @param most bytes that may come out of it */
    static void unpack(Path zip, Path folder, long most) {
        long left = most;
        int entries = 0;
        try (InputStream file = Files.newInputStream(zip);
                ZipInputStream in = new ZipInputStream(file)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (++entries > MOST_ENTRIES) {
                    throw refused(zip, "has more than " + MOST_ENTRIES + " entries");
                }
                Path target = target(zip, folder, entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    try (OutputStream out = Files.newOutputStream(target)) {
                        left -= Fetch.bounded(in, out, Math.min(left, Fetch.MOST_BYTES), new Hash.Running());
                    }
                }
            }
        } catch (IOException e) {
            throw refused(zip, "can't be unpacked: " + Printable.reason(e));
        }
        if (entries == 0) {
            throw refused(zip, "is no zip archive, or an empty one");
        }
    }

    private static Path target(Path zip, Path folder, String name) {
        try {
            Path target = folder.resolve(name).normalize();
            if (!name.contains("\\") && !Path.of(name).isAbsolute() && target.startsWith(folder)) {
                return target;
            }
        } catch (InvalidPathException _) {
            // said below
        }
        throw refused(zip, "has an entry that leads out of its folder: " + Printable.cut(name, SHOWN));
    }

    private static InputError refused(Path zip, String why) {
        return InputError.of("the archive " + zip + " " + why, "give another; nothing of it was installed");
    }
}
