package org.kolotoc.engine.fill;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;

/**
 * Which bundles fill the seats of one experiment: those that were chosen beforehand, as the lock of a run that goes on
 * chooses, else the highest version of what is plugged in and will do. Notes what was handed out.
 */
public final class Leases {
    /** Begins the location of a bundle that came out of a run's folder; what follows is its SHA-256. */
    public static final String OF_A_RUN = "run-folder:";

    /** Within such a location: the bundle is there once more, for one run alone. */
    public static final String COPY = "#";

    private final Map<SeatName, Bundle> chosen;
    private final Map<SeatName, Bundle> filled = new LinkedHashMap<>();

    /** What was chosen beforehand; nothing for a run that begins. */
    public Leases(Map<SeatName, Bundle> chosen) {
        this.chosen = Collections.unmodifiableMap(new LinkedHashMap<>(chosen));
    }

    /** Seats that are filled by what is plugged in. */
    public static Leases free() {
        return new Leases(Map.of());
    }

    /**
     * Those that may fill a seat: more than one where nobody can tell which. A bundle that came out of a run's folder fills
     * none but what that run's lock says.
     *
     * @param going tells bundles that fill no seat but those they were chosen for
     */
    <T> List<T> choose(SeatName seat, List<T> candidates, Function<T, Bundle> bundle, Predicate<Bundle> going) {
        Bundle leased = chosen.get(seat);
        if (leased != null) {
            return candidates.stream()
                    .filter(candidate -> bundle.apply(candidate).equals(leased))
                    .toList();
        }
        List<T> plugged = candidates.stream()
                .filter(candidate -> !bundle.apply(candidate).getLocation().startsWith(OF_A_RUN))
                .filter(candidate -> seat.versions().has(bundle.apply(candidate).getVersion()))
                .filter(candidate -> !going.test(bundle.apply(candidate)))
                .toList();
        boolean versions = plugged.stream()
                        .map(candidate -> bundle.apply(candidate).getSymbolicName())
                        .distinct()
                        .count()
                == 1;
        return versions
                ? plugged.stream()
                        .map(bundle)
                        .max(Comparator.comparing(Bundle::getVersion))
                        .map(highest -> plugged.stream()
                                .filter(candidate ->
                                        bundle.apply(candidate).getVersion().equals(highest.getVersion()))
                                .toList())
                        .orElseThrow()
                : plugged;
    }

    /** The same, and for other seats what others chose. */
    public Leases and(Leases others) {
        Map<SeatName, Bundle> both = new LinkedHashMap<>(others.chosen);
        both.putAll(chosen);
        return new Leases(both);
    }

    /** What was handed out so far stays; one seat is to be filled by another bundle. */
    public Leases with(SeatName seat, Bundle bundle) {
        Map<SeatName, Bundle> other = filled();
        other.put(seat, bundle);
        return new Leases(other);
    }

    /** What was chosen beforehand or handed out so far. */
    synchronized Set<Bundle> all() {
        Set<Bundle> all = new LinkedHashSet<>(chosen.values());
        all.addAll(filled.values());
        return all;
    }

    synchronized void fill(SeatName seat, Bundle bundle) {
        filled.put(seat, bundle);
    }

    /** What was handed out so far, in that order. */
    public synchronized Map<SeatName, Bundle> filled() {
        return new LinkedHashMap<>(filled);
    }
}
