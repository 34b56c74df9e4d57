package org.kolotoc.author.build;

import java.util.function.BooleanSupplier;

/** The files that a plugin is made of, and when somebody saved one of them. */
public final class Sources {
    /** A file is looked at so often, and believed to be whole when it stays the same so long. */
    private static final long PAUSE_MILLISECONDS = 100;

    private final PluginProject project;
    private Snapshot known;

    /** Everything that is there now is known. */
    public Sources(PluginProject project) {
        this.project = project;
        this.known = now();
    }

    private Snapshot now() {
        return Snapshot.of(project.watched());
    }

    /**
     * Waits until something was saved.
     *
     * @param stop ends the waiting
     * @return whether something was
     */
    public boolean awaitSave(BooleanSupplier stop) throws InterruptedException {
        Snapshot before = known;
        while (!stop.getAsBoolean()) {
            Snapshot now = now();
            if (!now.equals(known) && now.equals(before)) {
                known = now;
                return true;
            }
            before = now;
            Thread.sleep(PAUSE_MILLISECONDS);
        }
        return false;
    }
}
