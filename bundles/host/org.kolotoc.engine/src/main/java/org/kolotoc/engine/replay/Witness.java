package org.kolotoc.engine.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.engine.folder.MetricsReader;

/** What every step of a run measured, as {@code metrics.jsonl} has it: so many steps at a time, the file may be long. */
final class Witness {
    private static final long STEPS = 100_000;

    private final Path file;
    private final Map<Long, Map<String, Double>> lines = new HashMap<>();
    private long end = -1;

    Witness(Path run) {
        this.file = run.resolve(MetricsReader.FILE);
    }

    /** Whether there is a file. */
    boolean isThere() {
        return Files.exists(file);
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
