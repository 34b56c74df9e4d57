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
    /** As it was typed. */
    @Override
    public String toString() {
        return option + " " + given;
    }
}
