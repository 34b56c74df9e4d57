package org.kolotoc.engine.ledger;

import org.kolotoc.api.Ledger;

/**
 * Something that was done in another way than it was told, or without being told.
 *
 * @param kind what was done
 * @param who did it: a seat and its bundle, or the part of the program
 * @param path what it is about: a JSON path of the experiment, an option of the command line, or the name of a file
 * @param sentence what is done, with the values
 */
public record Silence(Ledger.Kind kind, String who, String path, String sentence) {
    /** For a person: {@code $.phases[0].warmup: 100 is above its 12 steps}; of a file, the sentence names it. */
    @Override
    public String toString() {
        return path.startsWith("$") || path.startsWith("--") ? path + ": " + sentence : sentence;
    }
}
