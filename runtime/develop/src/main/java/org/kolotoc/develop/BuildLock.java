package org.kolotoc.develop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * One build at a time in one clone. The system releases the lock when its process ends, however that ends.
 *
 * @param channel of the lock file, which stays
 */
record BuildLock(FileChannel channel) implements AutoCloseable {
    private static final int LONGEST_NAME = 200;

    /**
     * Takes the lock, after whoever has it now.
     *
     * @param holder what to tell others who wait, a line
     * @param said hears whom it waits for
     * @throws Problem when the clone can't be written
     */
    static BuildLock take(Path root, String holder, Consumer<String> said) {
        Path file = root.resolve("target/build.lock");
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                said.accept("another process builds here: " + name(channel) + "; waiting for its end");
                channel.lock();
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
            return new BuildLock(channel);
        } catch (IOException e) {
            throw new Problem(
                    "nothing can be built in " + root + ": " + file + " can't be written (" + e
                            + "); make the folder yours to write, or clone it to where you may",
                    e);
        }
    }

    private static String name(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST_NAME);
        channel.read(text, 0);
        String name = StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
        return name.isEmpty() ? "one that has not said its name yet" : name;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // The lock goes with the process.
        }
    }
}
