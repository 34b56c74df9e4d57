package org.kolotoc.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The bytes of a text, to be read from anywhere in them, again and again. */
interface Source {
    long size();

    /**
     * So many bytes from a position on.
     *
     * @throws IOException when they are not there any more
     */
    byte[] read(long from, int count) throws IOException;

    /** For messages. */
    String name();

    /** Bytes of memory. */
    record Memory(String name, byte[] bytes) implements Source {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public byte[] read(long from, int count) {
            return Arrays.copyOfRange(bytes, (int) from, (int) from + count);
        }
    }

    /**
     * A file, opened for each read: nothing has to be closed, and no mapping ends the process when somebody shortens it.
     *
     * @param size when it was first seen
     */
    record File(Path path, long size) implements Source {
        static File of(Path path) throws IOException {
            return new File(path, Files.size(path));
        }

        @Override
        public byte[] read(long from, int count) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(count);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                if (channel.size() != size) {
                    throw new IOException("it has " + channel.size() + " bytes now, and had " + size);
                }
                while (bytes.hasRemaining()) {
                    if (channel.read(bytes, from + bytes.position()) < 0) {
                        throw new EOFException("it ends after " + (from + bytes.position()) + " bytes now");
                    }
                }
            }
            return bytes.array();
        }

        @Override
        public String name() {
            return path.toString();
        }
    }
}
