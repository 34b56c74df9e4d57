package org.kolotoc.engine.fill;

import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;

/** The seat of a model, filled. */
public final class ModelSeat {
    private final Occupant occupant;
    private final Function<Dimensions, Model> family;

    private ModelSeat(Occupant occupant, Function<Dimensions, Model> family) {
        this.occupant = occupant;
        this.family = family;
    }

    static Optional<ModelSeat> of(ModelFamily<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<ModelSeat> bound(ModelFamily<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new ModelSeat(binding.occupant(), data -> plugin.create(settings, data)));
    }

    public Occupant occupant() {
        return occupant;
    }

    /** The model with all sizes fixed; every use of it is held against its signature. */
    public Model create(Dimensions data) {
        return CheckedModel.of(occupant, occupant.give("fixed its sizes", () -> family.apply(data)));
    }
}
