package org.kolotoc.engine.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.Sample;
import org.kolotoc.api.image.Animation;
import org.kolotoc.engine.state.Listing;

/**
 * How a run's pictures change while it learns: the first of each sampler, step after step.
 *
 * @param frames by the sampler's folder in that of a step, empty for the first one's
 */
record Evolution(Map<String, List<Path>> frames) {
    private static final String FIRST = "0.png";
    private static final int MILLISECONDS = 700;

    /** @param steps folders, the first step first */
    static Evolution of(List<Path> steps) throws IOException {
        Map<String, List<Path>> frames = new TreeMap<>();
        for (Path step : steps) {
            add(frames, "", step);
            for (Path other : Listing.of(step)) {
                add(frames, other.getFileName().toString(), other);
            }
        }
        frames.values().removeIf(pictures -> pictures.size() < 2);
        return new Evolution(frames);
    }

    private static void add(Map<String, List<Path>> frames, String name, Path folder) {
        Path file = folder.resolve(FIRST);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            frames.computeIfAbsent(name, _ -> new ArrayList<>()).add(file);
        }
    }

    /** The pictures of a sampler as one that moves; nothing where they are not of one size, or broken. */
    Optional<Sample> animation(String sampler) throws IOException {
        List<Sample> pictures = new ArrayList<>();
        for (Path file : frames.get(sampler)) {
            pictures.add(new Sample("image/png", Files.readAllBytes(file)));
        }
        try {
            return Optional.of(new Animation(pictures, MILLISECONDS).apng());
        } catch (IllegalArgumentException _) {
            // Each is shown by itself all the same.
            return Optional.empty();
        }
    }
}
