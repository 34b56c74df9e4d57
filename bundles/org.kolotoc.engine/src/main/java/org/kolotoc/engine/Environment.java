package org.kolotoc.engine;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.engine.seat.Seats;
import org.kolotoc.tensor.Backend;

/**
 * What an experiment is prepared with beside what it says itself.
 *
 * @param project its root
 * @param seats what is plugged in
 * @param backends finds a backend by its id
 * @param data folder with data files, given by the user
 * @param download whether missing public data may be fetched
 */
public record Environment(
        Path project, Seats seats, Function<String, Backend> backends, Optional<Path> data, boolean download) {}
