package org.kolotoc.engine.channel;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Sample;

/**
 * What became of a probe.
 *
 * @param probe id of its plugin
 * @param state {@code attached}, {@code off}, or {@code read} where it read once
 * @param step after which that was so
 * @param every so many steps it reads
 * @param bytes of memory that it takes, or took
 * @param reads what it read, of a single reading
 */
public record Probed(String probe, String state, long step, long every, long bytes, List<Read> reads) {
    /** The same with numbers alone. */
    public Probed withoutPictures() {
        return new Probed(
                probe,
                state,
                step,
                every,
                bytes,
                reads.stream()
                        .map(read -> new Read(read.program(), read.run(), read.values(), List.of()))
                        .toList());
    }

    /**
     * What it read of a program.
     *
     * @param run which of the runs of that program in the step, from 1 on
     * @param values by what was read
     */
    public record Read(String program, int run, Map<String, Double> values, List<Sample> pictures) {}
}
