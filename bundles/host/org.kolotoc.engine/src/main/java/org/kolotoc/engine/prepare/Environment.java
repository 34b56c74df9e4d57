package org.kolotoc.engine.prepare;

import java.util.function.Function;
import org.kolotoc.engine.data.DataPlaces;
import org.kolotoc.engine.data.Waiting;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.tensor.Backend;

/**
 * What an experiment is prepared with beside what it says itself.
 *
 * @param seats what is plugged in
 * @param backends finds a backend by its id
 * @param data where its data is looked for
 * @param waiting hears how far the preparation is
 */
public record Environment(Seats seats, Function<String, Backend> backends, DataPlaces data, Waiting waiting) {}
