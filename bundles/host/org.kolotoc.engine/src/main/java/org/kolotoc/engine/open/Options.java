package org.kolotoc.engine.open;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the command line of a command says of its experiment and of how it is to run.
 *
 * @param files arguments that are no options
 * @param sets {@code --set path=value}, in order
 * @param out where a run is written
 * @param data where data files are looked for first
 * @param resume the run to go on with
 * @param from step of the checkpoint; the newest if there is none
 * @param memory bytes that may be taken at most
 * @param trust whether code that lies in a run's folder may run
 * @param download whether missing public data may be fetched
 */
public record Options(
        List<String> files,
        List<String> sets,
        Optional<Long> seed,
        Optional<Path> out,
        Optional<Path> data,
        Optional<String> backend,
        Optional<Path> resume,
        Optional<Long> from,
        Optional<Long> memory,
        boolean trust,
        boolean download,
        boolean json,
        boolean quiet) {
    /** The same, from the newest checkpoint on. */
    public Options withoutFrom() {
        return new Options(
                files, sets, seed, out, data, backend, resume, Optional.empty(), memory, trust, download, json, quiet);
    }
}
