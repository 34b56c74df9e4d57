package org.kolotoc.engine.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.kolotoc.engine.folder.MetricsReader;

/** What every step of a run measured, as {@code metrics.jsonl} has it: so many steps at a time, the file may be long. */
final class Witness {
    private static final long STEPS = 100_000;

    private final Path file;
    private final Map<Long, Map<String, Double>> lines = new HashMap<>();
    private long end = -1;

    /** Steps, the first and the last. */
    private record Range(long first, long last) {
        @Override
        public String toString() {
            return first == last ? "" + first : first + " to " + last;
        }
    }

    /**
     * What of a run's steps is noted.
     *
     * @param last the last step of any line
     * @param gaps steps without a line, though the run made them
     */
    record Noted(long last, List<Range> gaps) {
        private static final int SHOWN = 4;

        /** {@code 7, 9 to 12}; empty where no step lacks its line. */
        Optional<String> lacking() {
            String some = gaps.stream().limit(SHOWN).map(Range::toString).collect(Collectors.joining(", "));
            return gaps.isEmpty() ? Optional.empty() : Optional.of(some + (gaps.size() > SHOWN ? ", ..." : ""));
        }
    }

    Witness(Path run) {
        this.file = run.resolve(MetricsReader.FILE);
    }

    Path file() {
        return file;
    }

    /** Whether there is a file. */
    boolean isThere() {
        return Files.exists(file);
    }

    /**
     * Reads which steps are noted.
     *
     * @param made a step up to which the run is known to have come
     */
    Noted noted(long made) throws IOException {
        long[] next = {1};
        long[] last = new long[1];
        List<Range> gaps = new ArrayList<>();
        MetricsReader.read(file, (line, _) -> {
            last[0] = Math.max(last[0], line.step());
            // Older versions wrote one line for a step and its evaluation, without the phase.
            if (!line.evaluation() || line.phase().isEmpty()) {
                if (line.step() > next[0]) {
                    gaps.add(new Range(next[0], line.step() - 1));
                }
                next[0] = Math.max(next[0], line.step() + 1);
            }
        });
        if (Math.max(last[0], made) >= next[0]) {
            gaps.add(new Range(next[0], Math.max(last[0], made)));
        }
        return new Noted(last[0], gaps);
    }

    /** What was measured by a step; empty where nobody noted it. Asked in ascending order. */
    Optional<Map<String, Double>> of(long step) throws IOException {
        if (step > end) {
            lines.clear();
            end = step + STEPS - 1;
            MetricsReader.read(file, (line, _) -> {
                if (!line.evaluation() && line.step() >= step && line.step() <= end) {
                    lines.put(line.step(), line.measures());
                }
            });
        }
        return Optional.ofNullable(lines.get(step));
    }
}
