package org.kolotoc.author.build;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of a build.
 *
 * @param jar the bundle; null where there is none
 * @param said by the compiler and by bnd, lines for a person: what is wrong, or what they warn of
 */
public record Outcome(Path jar, List<String> said) {
    /** Whether there is a bundle. */
    public boolean isBuilt() {
        return jar != null;
    }
}
