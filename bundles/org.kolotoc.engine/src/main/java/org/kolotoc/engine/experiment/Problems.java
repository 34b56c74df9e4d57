package org.kolotoc.engine.experiment;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.InputError;

/** Everything wrong with one file, so that a person mends it in one go. */
public final class Problems {
    private final String file;
    private final List<String> found = new ArrayList<>();

    public Problems(String file) {
        this.file = file;
    }

    /** Notes a fault at a JSON path. */
    public void add(String path, String message) {
        found.add(path + ": " + message);
    }

    public boolean none() {
        return found.isEmpty();
    }

    /**
     * Ends the reading if anything was noted.
     *
     * @throws InputError with every fault
     */
    public void refuse() {
        if (!found.isEmpty()) {
            throw error();
        }
    }

    /** All that was noted. */
    public InputError error() {
        String what = found.size() == 1 ? "a fault" : found.size() + " faults";
        return InputError.of(
                file + " has " + what + ":\n  " + String.join("\n  ", found),
                "mend that, then run the command again; ./kolotoc schema shows every field");
    }
}
