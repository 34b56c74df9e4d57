package org.kolotoc.engine.fill;

import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;

/** The seat of data, filled. */
public final class DataSeat {
    private final Occupant occupant;
    private final Function<DataContext, Dataset> source;

    private DataSeat(Occupant occupant, Function<DataContext, Dataset> source) {
        this.occupant = occupant;
        this.source = source;
    }

    static Optional<DataSeat> of(DataSource<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<DataSeat> bound(DataSource<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new DataSeat(binding.occupant(), context -> plugin.open(settings, context)));
    }

    public Occupant occupant() {
        return occupant;
    }

    public Dataset open(DataContext context) {
        return occupant.give("opened its data", () -> source.apply(context));
    }
}
