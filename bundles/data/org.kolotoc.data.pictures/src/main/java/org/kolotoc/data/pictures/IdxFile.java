package org.kolotoc.data.pictures;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.kolotoc.api.InputError;

/**
 * A file of the container that MNIST came in, unpacked where it is gzip: two zero bytes, one for the type, one for how many
 * extents there are, these as 32-bit numbers, big-endian; then the values, the last axis innermost.
 *
 * @param extents the first is how many examples there are
 * @param values unsigned
 */
record IdxFile(Path path, int[] extents, byte[] values) {
    private static final int BYTE = 0x08;
    private static final Map<Integer, String> OTHERS = Map.of(
            0x09, "signed 8-bit", 0x0B, "16-bit", 0x0C, "32-bit", 0x0D, "32-bit floating", 0x0E, "64-bit floating");
    private static final int GZIP = 0x1F8B;

    /** More than fits into an array of floats that is copied once. */
    private static final long MOST = 1L << 30;

    /** There is no more room than twice what was read, and this, so that a head that promises too much costs nothing. */
    private static final int PART = 1 << 20;

    /** @throws InputError with the place in the unpacked file, when it is none of bytes, or too short, or too long */
    static IdxFile read(Path path) {
        try (InputStream in = unpacked(path)) {
            byte[] head = filled(path, in, 0, 4, "a head of 4 bytes");
            check(path, head);
            int axes = head[3] & 0xff;
            ByteBuffer sizes = ByteBuffer.wrap(filled(path, in, 4, 4 * axes, axes + " extents"));
            int[] extents = new int[axes];
            long count = 1;
            for (int i = 0; i < extents.length; i++) {
                extents[i] = sizes.getInt();
                count *= Math.max(0, extents[i]);
                if (extents[i] < 1 || count > MOST) {
                    throw broken(
                            path,
                            4 + 4L * i,
                            "the extent " + Integer.toUnsignedString(extents[i])
                                    + "; expected at least 1, and of all of them at most " + MOST + " values");
                }
            }
            String what = told(extents) + " values of one byte";
            int from = 4 + 4 * extents.length;
            byte[] values = filled(path, in, from, (int) count, what);
            if (in.read() >= 0) {
                throw broken(path, from + count, "more bytes; expected its end behind " + what);
            }
            return new IdxFile(path, extents, values);
        } catch (IOException e) {
            throw InputError.of(
                    "the IDX file " + path + " can't be read: " + e.getMessage(), "check the file, or get it again", e);
        }
    }

    private static InputStream unpacked(Path path) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        in.mark(2);
        int begin = in.read() << 8 | in.read();
        in.reset();
        try {
            return begin == GZIP ? new GZIPInputStream(in, 1 << 16) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static void check(Path path, byte[] head) {
        if (head[0] != 0 || head[1] != 0) {
            throw broken(path, 0, String.format("0x%02X%02X; expected two zero bytes", head[0], head[1]));
        }
        int type = head[2];
        if (type != BYTE) {
            throw broken(
                    path,
                    2,
                    String.format(
                            "the type 0x%02X, %s; expected 0x08, unsigned bytes",
                            type, OTHERS.getOrDefault(type, "which there is none of")));
        }
        if (head[3] == 0) {
            throw broken(path, 3, "no axes; expected at least 1");
        }
    }

    /** So many bytes, which lie from a place of the file on. */
    private static byte[] filled(Path path, InputStream in, int from, int count, String what) throws IOException {
        byte[] bytes = new byte[Math.min(count, PART)];
        int read = 0;
        try {
            for (int more = 0; read < count && more >= 0; read += Math.max(0, more)) {
                if (read == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * read));
                }
                more = in.read(bytes, read, bytes.length - read);
            }
        } catch (EOFException e) {
            // Of a gzip file that was cut off.
        }
        if (read < count) {
            throw broken(
                    path,
                    (long) from + read,
                    "its end; expected " + what + ", which end at byte " + ((long) from + count));
        }
        return bytes;
    }

    private static InputError broken(Path path, long place, String found) {
        return InputError.of(
                "the IDX file " + path + " has at byte " + place + " " + found, "check the file, or get it again");
    }

    static String told(int[] extents) {
        return Arrays.stream(extents).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
    }

    /** Of the file, of the value at an index. */
    long place(int value) {
        return 4L + 4L * extents.length + value;
    }
}
