package org.kolotoc.engine.run;

import java.nio.file.Path;

/** A run lets go of all it has, and goes on from its newest checkpoint with what fills its seats then. */
final class GoBack extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Path folder;

    GoBack(Path folder, Throwable cause) {
        super("goes back", cause);
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }
}
