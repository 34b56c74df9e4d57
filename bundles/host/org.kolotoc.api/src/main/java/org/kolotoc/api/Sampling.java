package org.kolotoc.api;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** A prepared sampler. */
@ConsumerType
public interface Sampling extends AutoCloseable {
    /**
     * Draws samples with the weights as they are now.
     *
     * @param count how many; the first of more are those of fewer
     * @param stream name of their random numbers: with the same weights and seed, the same stream gives the same samples
     * @param told hears how far it is
     * @throws Stopped when somebody wants to stop
     */
    List<Sample> draw(int count, String stream, Reached told);

    /** How many examples a sample has: pictures of a grid, points of a cloud. What they cost is told of these. */
    default int examples() {
        return 1;
    }

    /** Memory that it takes beside the weights when it draws so many, in bytes; 0 where that is none to speak of. */
    default long bytes(int count) {
        return 0;
    }

    /**
     * Samples that no criterion may let pass, by what was done to get them: the training data itself, its parts shuffled,
     * the same over and over. None where nothing of that kind is known.
     *
     * @param samples that were drawn
     */
    default Map<String, List<Sample>> controls(List<Sample> samples) {
        return Map.of();
    }

    /**
     * The same where they take as long as samples do: whoever draws them says how far it is.
     *
     * @param told hears it
     * @throws Stopped when somebody wants to stop
     */
    default Map<String, List<Sample>> controls(List<Sample> samples, Reached told) {
        return controls(samples);
    }

    @Override
    void close();
}
