package org.kolotoc.engine.fill;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Signature;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;

/** The seat of a model, filled. */
public final class ModelSeat {
    /** Extents in the place of those that data will state. */
    private static final Dimensions STAND_IN = new Dimensions(Map.of("vocab", 1024, "class", 2));

    private final Occupant occupant;
    private final ModelFamily<?> plugin;
    private final Record settings;
    private final Function<Dimensions, Model> family;

    private ModelSeat(Occupant occupant, ModelFamily<?> plugin, Record settings, Function<Dimensions, Model> family) {
        this.occupant = occupant;
        this.plugin = plugin;
        this.settings = settings;
        this.family = family;
    }

    static Optional<ModelSeat> of(ModelFamily<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<ModelSeat> bound(ModelFamily<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings ->
                        new ModelSeat(binding.occupant(), plugin, settings, data -> plugin.create(settings, data)));
    }

    public Occupant occupant() {
        return occupant;
    }

    /** The same family with other settings; nothing where they are none of it, which is noted. */
    public Optional<ModelSeat> with(SeatRef other, Seats seats, Problems problems) {
        return of(plugin, new Binding(occupant, other, new Filler(seats, problems)));
    }

    /** Whether both say the same, be it that one leaves out what holds anyway. */
    public boolean hasSettingsOf(ModelSeat other) {
        return settings.equals(other.settings);
    }

    /**
     * Whether the model could be what somebody needs, as far as that shows before there is data: its signature hangs on its
     * settings. Where it can't be told, it could.
     */
    public boolean mayOffer(Signature needed) {
        try {
            return create(STAND_IN).signature().offers(needed);
        } catch (RuntimeException _) {
            // It wants to know more of the data; whoever opens that will be told.
            return true;
        }
    }

    /** The model with all sizes fixed; every use of it is held against its signature. */
    public Model create(Dimensions data) {
        return CheckedModel.of(occupant, occupant.give("fixed its sizes", () -> family.apply(data)));
    }
}
