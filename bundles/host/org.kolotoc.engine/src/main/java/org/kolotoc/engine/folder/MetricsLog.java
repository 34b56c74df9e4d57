package org.kolotoc.engine.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import org.kolotoc.engine.state.Disk;
import org.kolotoc.engine.state.Hash;
import org.kolotoc.engine.state.MetricsSeal;

/**
 * Writes {@code metrics.jsonl} ({@code kolotoc.metrics/1}): a JSON object a line, there for everybody who follows the run
 * as soon as it is written, lasting as soon as it is sealed.
 */
public final class MetricsLog implements AutoCloseable {
    private final Disk disk;
    private final FileChannel channel;
    private final Hash.Running hash;
    private long lines;
    private long bytes;

    private MetricsLog(Disk disk, FileChannel channel, Hash.Running hash, long lines, long bytes) {
        this.disk = disk;
        this.channel = channel;
        this.hash = hash;
        this.lines = lines;
        this.bytes = bytes;
    }

    /** The log of a new run. */
    public static MetricsLog begin(RunFolder folder) throws IOException {
        FileChannel channel = folder.disk()
                .open(
                        folder.path().resolve(MetricsReader.FILE),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
        return new MetricsLog(folder.disk(), channel, new Hash.Running(), 0, 0);
    }

    /** Goes on behind a part of it: what follows that is cut off. */
    public static MetricsLog resume(RunFolder folder, MetricsPart part) throws IOException {
        FileChannel channel = folder.disk()
                .open(folder.path().resolve(MetricsReader.FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean opened = false;
        try {
            if (channel.size() > part.seal().bytes()) {
                folder.disk().cut(channel, part.seal().bytes());
                folder.disk().force(channel);
            }
            channel.position(part.seal().bytes());
            opened = true;
            return new MetricsLog(
                    folder.disk(),
                    channel,
                    part.hash(),
                    part.seal().lines(),
                    part.seal().bytes());
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    /** Writes a line. */
    public void write(MetricsLine line) throws IOException {
        byte[] text = (line.json() + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer rest = ByteBuffer.wrap(text);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        hash.update(text, text.length);
        lines++;
        bytes += text.length;
    }

    /** What a checkpoint says of all lines so far, which are on the disk then. */
    public MetricsSeal seal() throws IOException {
        disk.force(channel);
        return new MetricsSeal(lines, bytes, hash.soFar());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
