package org.kolotoc.engine.fill;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.api.checkpoint.ForeignFamily;

/**
 * A family of models that reads and writes checkpoints of other libraries, as it is plugged in.
 *
 * @param id of its seat
 * @param family the same plugin as {@code foreign}, so that they have the same settings
 */
public record ForeignPlugin<S extends Record>(
        String id, Occupant occupant, ModelFamily<S> family, ForeignFamily<S> foreign) {
    /**
     * Those that are there.
     *
     * @param unready hears of a family of models that can't be asked
     */
    public static List<ForeignPlugin<?>> installed(Seats seats, Consumer<InputError> unready) {
        List<ForeignPlugin<?>> all = new ArrayList<>();
        seats.installed().stream()
                .filter(plugin -> plugin.kind().equals(Seat.MODEL))
                .map(Seats.Installed::id)
                .distinct()
                .forEach(id -> {
                    try {
                        Seats.Plugged<?> found = seats.get(ModelFamily.class, id);
                        if (found.plugin() instanceof ForeignFamily<?> foreign
                                && found.plugin() instanceof ModelFamily<?> family) {
                            all.add(of(id, found.occupant(), family, foreign));
                        }
                    } catch (InputError e) {
                        unready.accept(e);
                    }
                });
        return all;
    }

    @SuppressWarnings("unchecked")
    private static <S extends Record> ForeignPlugin<S> of(
            String id, Occupant occupant, ModelFamily<?> family, ForeignFamily<S> foreign) {
        return new ForeignPlugin<>(id, occupant, (ModelFamily<S>) family, foreign);
    }

    /** See {@link ForeignFamily#architectures}. */
    public List<String> architectures() {
        return occupant.give("said what it reads", foreign::architectures);
    }
}
