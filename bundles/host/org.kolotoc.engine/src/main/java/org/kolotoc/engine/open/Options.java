package org.kolotoc.engine.open;

import java.nio.file.Path;
import java.time.Duration;
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
 * @param threads of the run; as many as there are processors that no other run has, if not given
 * @param memory bytes that may be taken at most
 * @param patience how long a plugin may keep the run waiting at least before it counts as hanging; zero for ever
 * @param isolated whether the run goes on in a process of its own
 * @param trust whether code that lies in a run's folder, or is quarantined in that run, may run
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
        Optional<Integer> threads,
        Optional<Long> memory,
        Optional<Duration> patience,
        boolean isolated,
        boolean trust,
        boolean download,
        boolean json,
        boolean quiet) {
    /** Those of a run that is written into a folder, as whoever says nothing else has it. */
    public static Options into(Path out) {
        return new Options(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of(out),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                false,
                false);
    }

    /** The same from a checkpoint on; the newest if none is given. */
    public Options from(Optional<Long> step) {
        return new Options(
                files, sets, seed, out, data, backend, resume, step, threads, memory, patience, isolated, trust,
                download, json, quiet);
    }

    /** The same for a run that is to go on. */
    public Options resume(Path run) {
        return new Options(
                files,
                sets,
                seed,
                out,
                data,
                backend,
                Optional.of(run),
                from,
                threads,
                memory,
                patience,
                isolated,
                trust,
                download,
                json,
                quiet);
    }

    /** The same for a run that is written into a folder; into one below {@code runs} where none is given. */
    public Options out(Optional<Path> folder) {
        return new Options(
                files, sets, seed, folder, data, backend, resume, from, threads, memory, patience, isolated, trust,
                download, json, quiet);
    }

    /** The same with another patience. */
    public Options patient(Duration least) {
        return new Options(
                files,
                sets,
                seed,
                out,
                data,
                backend,
                resume,
                from,
                threads,
                memory,
                Optional.of(least),
                isolated,
                trust,
                download,
                json,
                quiet);
    }

    /** The same with these changes of the experiment. */
    public Options setting(List<String> assignments) {
        return new Options(
                files,
                assignments,
                seed,
                out,
                data,
                backend,
                resume,
                from,
                threads,
                memory,
                patience,
                isolated,
                trust,
                download,
                json,
                quiet);
    }

    /** The same with so many threads. */
    public Options threads(int count) {
        return new Options(
                files,
                sets,
                seed,
                out,
                data,
                backend,
                resume,
                from,
                Optional.of(count),
                memory,
                patience,
                isolated,
                trust,
                download,
                json,
                quiet);
    }

    /** Nothing said. */
    public static Options none() {
        return new Options(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                false,
                false);
    }
}
