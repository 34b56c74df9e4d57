package org.kolotoc.engine.fill;

import org.kolotoc.engine.experiment.Versions;
import org.osgi.framework.Version;

/**
 * What is asked for when a seat is to be filled.
 *
 * @param kind {@code model}
 * @param id of the plugin: {@code gpt}
 * @param versions of it that will do; two seats of one experiment may ask for two
 */
public record SeatName(String kind, String id, Versions versions) {
    /** Any version of a plugin. */
    public SeatName(String kind, String id) {
        this(kind, id, Versions.ANY);
    }

    /** Whether a plugin may fill it. */
    public boolean takes(String itsKind, String itsId, Version version) {
        return kind.equals(itsKind) && id.equals(itsId) && versions.has(version);
    }

    /** The same, whatever the version. */
    public SeatName ofAnyVersion() {
        return new SeatName(kind, id);
    }

    /** As people type it: {@code model:gpt}, or {@code model:gpt:[1.2,2)}. */
    public String typed() {
        return kind + ":" + id + (versions.isAny() ? "" : ":" + versions);
    }

    /** {@code model 'gpt'}, or {@code model 'gpt' [1.2,2)}. */
    @Override
    public String toString() {
        return kind + " '" + id + "'" + (versions.isAny() ? "" : " " + versions);
    }
}
