package org.kolotoc.engine.seat;

import java.util.Optional;
import org.kolotoc.api.Plugin;
import org.kolotoc.engine.experiment.Binder;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;

/**
 * What an experiment says of a seat, to be bound to the settings of the plugin that fills it.
 *
 * @param problems takes what does not fit
 */
record Binding(Occupant occupant, SeatRef ref, Problems problems) {
    /** The plugin's settings; nothing when they don't fit, which is noted. */
    <S extends Record> Optional<S> settings(Plugin<S> plugin) {
        Class<S> type = Seats.settings(plugin, occupant);
        return Optional.ofNullable(new Binder(problems).bind(type, ref.settings(), ref.path()));
    }
}
