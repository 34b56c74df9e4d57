package org.kolotoc.engine.fill;

import java.util.Optional;
import org.kolotoc.api.Plugin;
import org.kolotoc.engine.experiment.SeatRef;

/**
 * What an experiment says of a seat, to be bound to the settings of the plugin that fills it.
 *
 * @param filler notes what does not fit
 */
record Binding(Occupant occupant, SeatRef ref, Filler filler) {
    /** The plugin's settings; nothing when they don't fit, which is noted. */
    <S extends Record> Optional<S> settings(Plugin<S> plugin) {
        return filler.settings(plugin, occupant, ref);
    }
}
