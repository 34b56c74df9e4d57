package org.kolotoc.engine.channel;

import java.util.List;
import java.util.Map;

/**
 * How a run that goes on is.
 *
 * @param state {@code running}, {@code paused}, {@code stopping}
 * @param doing what it is at, in words: {@code evaluation: 3/10 batches}
 * @param phase that made the last step; empty before the first
 * @param step that was taken last
 * @param steps at its end
 * @param headline the measure that tells most, with its value, or empty
 * @param rate of work, or empty
 * @param secondsLeft until its last step, as far as can be told; null where it can't
 * @param measures what was measured last, by name
 * @param pid the process
 * @param since when that process began it or went on with it, as ISO 8601 has it
 * @param probes that read in it
 * @param swaps that are asked for and have not taken place: {@code phase 'pretrain' after step 500: my-pretrain
 *     1.1.0}
 */
public record RunStatus(
        String folder,
        String name,
        String state,
        String doing,
        String phase,
        long step,
        long steps,
        String headline,
        String rate,
        Double secondsLeft,
        Map<String, Double> measures,
        long pid,
        String since,
        List<Probing> probes,
        List<String> swaps) {}
