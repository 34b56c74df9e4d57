package org.kolotoc.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.kolotoc.api.InputError;

/**
 * A row of tokens of any length, each in 1, 2 or 4 bytes, as the vocabulary needs. A short row lies in memory, a long one in
 * a file, of which a window at a time is read: the system keeps in memory what it has room for, and none of it counts as
 * the process's own, as it would of a mapped file. Reading allocates nothing.
 */
final class Tokens {
    /** Bytes from which on a row is a long one. */
    static final int LARGE = 1 << 26;

    private final int width;
    private final long count;
    /** The content, or room for a piece of it where that lies in the file. */
    private final byte[] memory;

    private final RandomAccessFile file;

    private Tokens(int width, long bytes, byte[] memory, RandomAccessFile file) {
        this.width = width;
        this.count = bytes / width;
        this.memory = memory;
        this.file = file;
    }

    long count() {
        return count;
    }

    /**
     * Copies tokens from a position on.
     *
     * @throws IndexOutOfBoundsException when they reach beyond the row
     */
    synchronized void read(long from, int[] into, int at, int length) {
        if (from < 0 || length < 0 || from + length > count) {
            throw new IndexOutOfBoundsException(length + " tokens from " + from + " on of " + count);
        }
        if (file == null) {
            decode((int) (from * width), into, at, length);
            return;
        }
        int piece = memory.length / width;
        for (int done = 0; done < length; done += piece) {
            int now = Math.min(piece, length - done);
            try {
                file.seek((from + done) * width);
                file.readFully(memory, 0, now * width);
            } catch (IOException e) {
                throw InputError.of(
                        "the tokens of the text can't be read back from the folder for temporary files: "
                                + e.getMessage(),
                        "check the disk, or set TMPDIR to a folder on another one",
                        e);
            }
            decode(0, into, at + done, now);
        }
    }

    private void decode(int from, int[] into, int at, int length) {
        int next = from;
        switch (width) {
            case 1 -> {
                for (int i = 0; i < length; i++) {
                    into[at + i] = memory[next++] & 0xFF;
                }
            }
            case 2 -> {
                for (int i = 0; i < length; i++) {
                    into[at + i] = memory[next++] & 0xFF | (memory[next++] & 0xFF) << 8;
                }
            }
            default -> {
                for (int i = 0; i < length; i++) {
                    into[at + i] = memory[next++] & 0xFF
                            | (memory[next++] & 0xFF) << 8
                            | (memory[next++] & 0xFF) << 16
                            | memory[next++] << 24;
                }
            }
        }
    }

    /** Bytes in memory. */
    long held() {
        return memory.length;
    }

    /** Bytes in a file. */
    long filed() {
        return file == null ? 0 : count * width;
    }

    /** Takes tokens part by part. */
    static final class Writer implements Consumer<int[]>, AutoCloseable {
        private final int vocab;
        private final int width;
        private final int large;
        private final Supplier<Path> folder;
        private byte[] buffer = new byte[1 << 16];
        private int used;
        private long flushed;
        private Path path;
        private RandomAccessFile file;
        private boolean finished;

        /**
         * Nothing yet.
         *
         * @param vocab tokens are below it
         * @param large bytes from which on they go to a file
         * @param folder for such a file
         */
        Writer(int vocab, int large, Supplier<Path> folder) {
            this.vocab = vocab;
            this.width = vocab <= 1 << 8 ? 1 : vocab <= 1 << 16 ? 2 : 4;
            this.large = large;
            this.folder = folder;
        }

        @Override
        public void accept(int[] tokens) {
            for (int token : tokens) {
                if (token < 0 || token >= vocab) {
                    throw new IllegalStateException(
                            "the tokenizer gave the token " + token + ", which is not in [0, " + vocab + ")");
                }
                if (used == buffer.length) {
                    makeRoom();
                }
                for (int shift = 0; shift < 8 * width; shift += 8) {
                    buffer[used++] = (byte) (token >>> shift);
                }
            }
        }

        private void makeRoom() {
            if (file == null && 2L * buffer.length <= large) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            } else {
                flush();
            }
        }

        private void flush() {
            try {
                if (file == null) {
                    path = Files.createTempFile(folder.get(), "tokens", "");
                    file = new RandomAccessFile(path.toFile(), "rw");
                }
                file.write(buffer, 0, used);
                flushed += used;
                used = 0;
            } catch (IOException e) {
                throw InputError.of(
                        "the tokens of the text don't fit into the folder for temporary files: " + e.getMessage(),
                        "make room there, or set TMPDIR to a folder that has it",
                        e);
            }
        }

        /** All that was taken. */
        Tokens finish() {
            if (file == null) {
                return new Tokens(width, used, Arrays.copyOf(buffer, used), null);
            }
            flush();
            finished = true;
            return new Tokens(width, flushed, new byte[1 << 16], file);
        }

        /** The file loses its name: who has it open reads on, and nothing is left should the process be killed. */
        @Override
        public void close() {
            if (file == null) {
                return;
            }
            try {
                if (!finished) {
                    file.close();
                }
                Files.delete(path);
            } catch (IOException _) {
                // A system that keeps the name of an open file: the folder goes at the end.
            }
        }
    }
}
