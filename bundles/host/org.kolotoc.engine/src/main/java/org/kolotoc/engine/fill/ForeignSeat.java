package org.kolotoc.engine.fill;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignFamily;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;

/** The seat of a model whose family also writes what another library reads, filled. */
public final class ForeignSeat<S extends Record> {
    private final Occupant occupant;
    private final ModelFamily<S> family;
    private final ForeignFamily<S> foreign;
    private final S settings;

    private ForeignSeat(Occupant occupant, ModelFamily<S> family, ForeignFamily<S> foreign, S settings) {
        this.occupant = occupant;
        this.family = family;
        this.foreign = foreign;
        this.settings = settings;
    }

    /** Fills it; notes what does not fit, and a family that writes nothing. */
    public static Optional<ForeignSeat<?>> of(Seats seats, SeatRef ref, Problems problems) {
        return new Filler(seats, problems)
                .fill(ModelFamily.class, ref, (plugin, binding) -> bound(plugin, binding, seats, problems));
    }

    private static Optional<ForeignSeat<?>> bound(
            ModelFamily<?> plugin, Binding binding, Seats seats, Problems problems) {
        if (plugin instanceof ForeignFamily<?> foreign) {
            return filled(plugin, foreign, binding);
        }
        List<String> known = ForeignPlugin.installed(seats, _ -> {}).stream()
                .map(other -> "'" + other.id() + "' (" + String.join(", ", other.architectures()) + ")")
                .toList();
        problems.add(
                binding.ref().path() + ".id",
                binding.occupant() + " has no layout of another library; export writes "
                        + (known.isEmpty() ? "none of what is plugged in" : "models of " + String.join(", ", known)));
        return Optional.empty();
    }

    /** Both are one plugin, so that they have the same settings. */
    @SuppressWarnings("unchecked")
    private static <S extends Record> Optional<ForeignSeat<?>> filled(
            ModelFamily<S> family, ForeignFamily<?> foreign, Binding binding) {
        return binding.settings(family)
                .map(settings -> new ForeignSeat<>(binding.occupant(), family, (ForeignFamily<S>) foreign, settings));
    }

    /** See {@link ForeignFamily#write}. */
    public WrittenModel written(Dimensions data) {
        return occupant.give("wrote a configuration", () -> foreign.write(settings, data));
    }

    /** What whoever reads a configuration makes of it. */
    public ForeignModel<S> read(ForeignConfig config, Set<String> tensors) {
        return occupant.give("read a configuration", () -> foreign.read(config, tensors));
    }

    /** The model of the experiment. */
    public Model create(Dimensions data) {
        return create(settings, data);
    }

    /** One that was read. */
    public Model create(ForeignModel<?> read) {
        return create(family.settings().cast(read.settings()), read.data());
    }

    private Model create(S of, Dimensions data) {
        return occupant.give("fixed its sizes", () -> family.create(of, data));
    }

    public Occupant occupant() {
        return occupant;
    }
}
