package org.kolotoc.engine.fill;

import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.InputError;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.api.probe.Reading;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;

/** The seat of a probe, filled. */
public final class ProbeSeat {
    private final Occupant occupant;
    private final Function<ProbeContext, Optional<Reading>> probe;

    private ProbeSeat(Occupant occupant, Function<ProbeContext, Optional<Reading>> probe) {
        this.occupant = occupant;
        this.probe = probe;
    }

    /**
     * Finds a probe and binds its settings.
     *
     * @throws InputError with everything that is wrong
     */
    public static ProbeSeat of(String id, JsonObject settings, Seats seats) {
        // Who has no such plugin is to read that, and not that its settings have a fault.
        seats.get(Probe.class, id);
        Problems problems = new Problems(
                "the probe '" + id + "'",
                "give each as --set <setting>=<value>",
                path -> path.replaceFirst("^\\$\\.?", ""));
        Optional<ProbeSeat> seat =
                new Filler(seats, problems).fill(Probe.class, new SeatRef(id, settings, "$"), ProbeSeat::of);
        problems.refuse();
        return seat.orElseThrow();
    }

    private static Optional<ProbeSeat> of(Probe<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<ProbeSeat> bound(Probe<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new ProbeSeat(binding.occupant(), context -> plugin.prepare(settings, context)));
    }

    public Occupant occupant() {
        return occupant;
    }

    /** What is done with what it reads of a program; its failures name it. */
    public Optional<Reading> prepare(ProbeContext context) {
        return occupant.give("looked at the program '" + context.name() + "'", () -> probe.apply(context))
                .map(reading -> (observed, out) ->
                        occupant.run("read the program '" + context.name() + "'", () -> reading.read(observed, out)));
    }
}
