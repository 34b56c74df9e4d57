package org.kolotoc.engine.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.kolotoc.engine.state.Listing;
import org.kolotoc.engine.state.StepFolder;

/** Samples that a run wrote, see {@link RunFolder#samples}. */
public final class WrittenSamples {
    private WrittenSamples() {}

    /**
     * The first of those that were written last.
     *
     * @param name of whoever drew them; empty where there is one alone
     */
    public static Optional<Path> last(Path run, String name) throws IOException {
        Path samples = run.resolve(RunFolder.SAMPLES);
        if (!Files.isDirectory(samples)) {
            return Optional.empty();
        }
        for (Path step : Listing.of(samples).stream()
                .filter(step -> StepFolder.step(step).isPresent())
                .sorted(StepFolder.BY_STEP.reversed())
                .toList()) {
            Path own = step.resolve(name);
            Optional<Path> first = Files.isDirectory(own)
                    ? Listing.of(own).stream()
                            .filter(file -> file.getFileName().toString().startsWith("0."))
                            .findFirst()
                    : Optional.empty();
            if (first.isPresent()) {
                return first;
            }
        }
        return Optional.empty();
    }
}
