package org.kolotoc.engine.replay;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a replay.
 *
 * @param from step whose state it began with
 * @param to last step that was taken
 * @param compared the last step up to which something was compared and all was equal; empty where nothing was recorded
 * @param differences the first measure and the first tensor that differ, in the order of their steps; empty where none does
 * @param points hashes of the states that were replayed
 * @param remarks what may be the reason, or kept the replay from going further
 */
public record Outcome(
        long from,
        long to,
        Optional<Long> compared,
        List<Difference> differences,
        List<Point> points,
        List<String> remarks) {
    /**
     * A state.
     *
     * @param hashes of each tensor and the value of each counter, by name
     */
    public record Point(long step, Map<String, String> hashes) {}
}
