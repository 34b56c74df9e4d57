package org.kolotoc.api.probe;

import org.kolotoc.api.Sample;
import org.osgi.annotation.versioning.ProviderType;

/** Takes what a probe read. */
@ProviderType
public interface Readings {
    /**
     * Takes a number, a line of {@code probes.jsonl} has all of one reading.
     *
     * @param name of what was read, {@code model/block0.mlp.in.weight}; behind the last slash, which statistic of it where
     *     there are several, {@code block0.mlp/mean}
     */
    void put(String name, double value);

    /** Takes a picture, of which the newest of each name is kept. */
    void picture(String name, Sample picture);
}
