package org.kolotoc.data.pictures;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files. */
final class Idx {
    private Idx() {}

    /** Of bytes that count up. */
    static byte[] bytes(int... extents) {
        int count = Arrays.stream(extents).reduce(1, (a, b) -> a * b);
        ByteBuffer file = ByteBuffer.allocate(4 + 4 * extents.length + count);
        file.put(new byte[] {0, 0, 8, (byte) extents.length});
        Arrays.stream(extents).forEach(file::putInt);
        for (int i = 0; i < count; i++) {
            file.put((byte) i);
        }
        return file.array();
    }

    static byte[] labels(int count, int classes) {
        byte[] file = bytes(count);
        for (int i = 0; i < count; i++) {
            file[8 + i] = (byte) (i % classes);
        }
        return file;
    }

    static byte[] packed(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
