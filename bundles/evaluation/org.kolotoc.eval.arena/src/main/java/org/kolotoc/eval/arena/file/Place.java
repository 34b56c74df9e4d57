package org.kolotoc.eval.arena.file;

import java.nio.file.Path;
import org.kolotoc.api.InputError;

/**
 * Where something stands in a file.
 *
 * @param line from 1 on
 * @param column of its first character in the line, from 1 on
 */
record Place(Path file, int line, int column) {
    /** What is wrong there. */
    InputError fault(String sentence) {
        return InputError.of(
                file + ", line " + line + ", column " + column + ": " + sentence,
                "mend it there, and type the same again");
    }
}
