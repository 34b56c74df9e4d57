package org.kolotoc.engine.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;
import org.kolotoc.engine.state.Hash;
import org.kolotoc.engine.state.MetricsSeal;

/**
 * The lines of {@code metrics.jsonl} that belong to a checkpoint.
 *
 * @param seal of these lines as they are
 * @param hash of their bytes, to go on with
 * @param followed whether lines come after them
 */
public record MetricsPart(Path file, MetricsSeal seal, Hash.Running hash, boolean followed) {

    /**
     * Finds them. A checkpoint of an older version does not say which they are: then it is the lines up to its step.
     *
     * @throws InputError when they are not those that the checkpoint was written with
     */
    public static MetricsPart of(RunFolder folder, Checkpoint checkpoint) throws IOException {
        Path file = folder.path().resolve(MetricsReader.FILE);
        if (checkpoint.metrics().isEmpty()) {
            return first(file, upTo(file, checkpoint.step()));
        }
        Optional<String> unlike = unlike(folder.path(), checkpoint);
        if (unlike.isPresent()) {
            throw InputError.of(
                    unlike.get(),
                    "put the former file back; or "
                            + fitting(folder, checkpoint.step())
                                    .map(step -> "go on from a checkpoint that it belongs to: ./kolotoc run --resume "
                                            + Printable.word(folder.path()) + " --from " + step)
                                    .orElse("begin a new run: ./kolotoc run "
                                            + Printable.word(folder.path().resolve("experiment.json"))));
        }
        return first(file, checkpoint.metrics().get().bytes());
    }

    /** What is said where a run's file is not the one that a checkpoint was written with; empty where it is, or nobody knows. */
    public static Optional<String> unlike(Path run, Checkpoint checkpoint) throws IOException {
        Path file = run.resolve(MetricsReader.FILE);
        if (checkpoint.metrics().isEmpty()) {
            return Optional.empty();
        }
        MetricsSeal recorded = checkpoint.metrics().get();
        MetricsSeal found = first(file, recorded.bytes()).seal();
        return found.equals(recorded)
                ? Optional.empty()
                : Optional.of(file + " is not the one that the checkpoint of step " + checkpoint.step()
                        + " was written with:\n  recorded " + text(recorded) + "; found "
                        + (Files.exists(file) ? text(found) : "no such file"));
    }

    private static Optional<Long> fitting(RunFolder folder, long unlike) throws IOException {
        Checkpoints checkpoints = new Checkpoints(folder.path());
        for (long step : checkpoints.steps().reversed()) {
            Optional<Checkpoint> checkpoint = step == unlike ? Optional.empty() : checkpoints.whole(step);
            if (checkpoint.isPresent()
                    && checkpoint.get().metrics().isPresent()
                    && unlike(folder.path(), checkpoint.get()).isEmpty()) {
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    private static String text(MetricsSeal seal) {
        return seal.lines() + " lines, " + seal.bytes() + " bytes, SHA-256 " + seal.sha256();
    }

    /** Bytes of the lines up to a step. */
    private static long upTo(Path file, long step) throws IOException {
        long[] bytes = new long[1];
        boolean[] beyond = new boolean[1];
        MetricsReader.read(file, (line, end) -> {
            beyond[0] |= line.step() > step;
            bytes[0] = beyond[0] ? bytes[0] : end;
        });
        return bytes[0];
    }

    /** The first bytes of a file as they are, fewer where it has not so many. */
    private static MetricsPart first(Path file, long bytes) throws IOException {
        Hash.Running hash = new Hash.Running();
        long lines = 0;
        long done = 0;
        boolean followed = false;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] part = new byte[1 << 16];
            for (int count = in.read(part); count > 0; count = in.read(part)) {
                int mine = (int) Math.min(count, bytes - done);
                hash.update(part, mine);
                done += mine;
                for (int i = 0; i < count; i++) {
                    boolean end = part[i] == '\n';
                    lines += end && i < mine ? 1 : 0;
                    followed |= end && i >= mine;
                }
            }
        } catch (NoSuchFileException _) {
            // As if it were empty.
        }
        return new MetricsPart(file, new MetricsSeal(lines, done, hash.soFar()), hash, followed);
    }

    /** Hands out the lines. */
    public void lines(Consumer<MetricsLine> taken) throws IOException {
        MetricsReader.read(file, seal.bytes(), (line, _) -> taken.accept(line));
    }
}
