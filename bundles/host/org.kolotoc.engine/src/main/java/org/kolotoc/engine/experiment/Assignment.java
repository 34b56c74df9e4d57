package org.kolotoc.engine.experiment;

import com.google.gson.JsonElement;
import java.util.Optional;

/**
 * A change that the command line made to an experiment.
 *
 * @param option {@code --set}, {@code --seed}, {@code --backend}
 * @param given what was typed after it: {@code phases.0.steps=200}
 * @param path of what it set: {@code $.phases[0].steps}
 * @param was what was there before
 */
public record Assignment(String option, String given, String path, Optional<JsonElement> was) {
    /** Whether what it set is a value, or holds it. */
    public boolean covers(String value) {
        return covers(path, value);
    }

    /** Whether a JSON path is another one, or within it. */
    public static boolean covers(String outer, String path) {
        return path.startsWith(outer)
                && (path.length() == outer.length() || ".[".indexOf(path.charAt(outer.length())) >= 0);
    }

    /** As it was typed. */
    @Override
    public String toString() {
        return option + " " + given;
    }
}
