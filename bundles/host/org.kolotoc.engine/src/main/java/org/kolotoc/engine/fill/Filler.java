package org.kolotoc.engine.fill;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.kolotoc.api.Family;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Plugin;
import org.kolotoc.engine.experiment.Binder;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.experiment.Versions;

/** Finds plugins one by one and binds their settings, in which further plugins may be named; what can't be filled is noted. */
public final class Filler {
    /** Seats inside of each other; a default that names its own plugin would never end. */
    private static final int DEEPEST = 32;

    private final Seats seats;
    private final Problems problems;
    private final boolean goesOn;
    private final List<Asked> asked = new ArrayList<>();
    private int depth;

    public Filler(Seats seats, Problems problems) {
        this(seats, problems, false);
    }

    private Filler(Seats seats, Problems problems, boolean goesOn) {
        this.seats = seats;
        this.problems = problems;
        this.goesOn = goesOn;
    }

    /** One that goes on without a plugin that fails, and notes what it said. */
    public static Filler tolerant(Seats seats, Problems problems) {
        return new Filler(seats, problems, true);
    }

    /**
     * A seat that was to be filled.
     *
     * @param occupant who fills it; nothing where nobody does
     */
    public record Asked(SeatName seat, SeatRef ref, Optional<Occupant> occupant) {}

    /** Every seat that was to be filled so far, those in the settings of others included. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Everyone who was found so far, those in the settings of others included. */
    public List<Occupant> occupants() {
        return asked.stream().flatMap(seat -> seat.occupant().stream()).toList();
    }

    /**
     * Finds a plugin.
     *
     * @param type of the seat, an interface that is a kind
     * @param seat makes something of the plugin
     */
    <T, R> Optional<R> fill(Class<T> type, SeatRef ref, BiFunction<T, Binding, Optional<R>> seat) {
        Optional<Seats.Plugged<T>> found = found(type, ref);
        asked.add(new Asked(seat(type, ref), ref, found.map(Seats.Plugged::occupant)));
        return found.flatMap(plugged -> {
            try {
                return seat.apply(plugged.plugin(), new Binding(plugged.occupant(), ref, this));
            } catch (PluginFailure e) {
                return failed(ref.path(), e);
            }
        });
    }

    private static SeatName seat(Class<?> type, SeatRef ref) {
        return new SeatName(Kind.required(type).name(), ref.id(), ref.versions());
    }

    private <T> Optional<Seats.Plugged<T>> found(Class<T> type, SeatRef ref) {
        try {
            return Optional.of(seats.get(type, seat(type, ref)));
        } catch (InputError e) {
            problems.add(ref.path() + "." + missing(type, ref), e.getMessage() + "\n    " + e.next());
            return Optional.empty();
        } catch (PluginFailure e) {
            return failed(ref.path() + ".id", e);
        }
    }

    /** The field that nobody meets. */
    private String missing(Class<?> type, SeatRef ref) {
        return !ref.versions().isAny() && seats.isDeclared(seat(type, ref).ofAnyVersion()) ? Versions.FIELD : "id";
    }

    private <T> Optional<T> failed(String path, PluginFailure failure) {
        if (!goesOn) {
            throw failure;
        }
        problems.add(path, failure.getMessage());
        return Optional.empty();
    }

    /** A plugin's settings; nothing when they don't fit, which is noted. */
    <S extends Record> Optional<S> settings(Plugin<S> plugin, Occupant occupant, SeatRef ref) {
        Class<S> type = Seats.settings(plugin, occupant);
        List<String> beside = Kind.among(plugin.getClass())
                .flatMap(kind -> kind.reserved().stream())
                .toList();
        Binder binder = new Binder(problems, this::inside, beside);
        return Optional.ofNullable(binder.bind(type, ref.settings(), ref.path()));
    }

    /**
     * A record of the engine's own in which plugins are named; nothing when it does not fit, which is noted.
     *
     * @param beside fields that others read of the same object
     */
    public <R extends Record> Optional<R> bind(Class<R> type, JsonObject json, List<String> beside) {
        return Optional.ofNullable(new Binder(problems, this::inside, beside).bind(type, json, "$"));
    }

    /** What a plugin makes of its settings; nothing where it can't be had, which is noted. */
    <T> Optional<T> make(Class<?> kind, Class<T> made, SeatRef ref) {
        return fill(kind, ref, (plugin, binding) -> made((Family<?, ?>) plugin, made, binding));
    }

    /** What a plugin that settings name makes of its own. */
    private Optional<Object> inside(Class<?> kind, Class<?> made, SeatRef ref) {
        if (depth == DEEPEST) {
            problems.add(
                    ref.path(),
                    "more than " + DEEPEST + " plugins lie inside of each other; does the default of '" + ref.id()
                            + "' name itself?");
            return Optional.empty();
        }
        depth++;
        try {
            return make(kind, made, ref).map(Object.class::cast);
        } finally {
            depth--;
        }
    }

    /** What a plugin makes of the settings that are bound to it; nothing where it can't, which is noted. */
    <S extends Record, T> Optional<T> made(Family<S, ?> family, Class<T> wanted, Binding binding) {
        return binding.settings(family).flatMap(settings -> {
            try {
                Object made = binding.occupant().give("made what its settings say", () -> family.create(settings));
                if (!wanted.isInstance(made)) {
                    throw PluginFailure.broken(
                            binding.occupant(),
                            "makes a " + made.getClass().getName() + "; the settings that name it hold a "
                                    + wanted.getName());
                }
                return Optional.of(wanted.cast(made));
            } catch (InputError e) {
                String field = e.field().isEmpty() ? "" : "." + e.field();
                problems.add(binding.ref().path() + field, e.getMessage());
                return Optional.empty();
            }
        });
    }
}
