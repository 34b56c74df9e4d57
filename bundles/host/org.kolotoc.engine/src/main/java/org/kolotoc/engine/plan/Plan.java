package org.kolotoc.engine.plan;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Set;
import org.kolotoc.engine.need.Reason;

/**
 * What of an experiment is there.
 *
 * @param experiment its file
 * @param complete whether it could be run as far as its plugins and settings go
 * @param seats in the order they are filled, those that settings name included
 * @param faults what else is wrong with it, a sentence each with its JSON path
 */
public record Plan(String experiment, boolean complete, List<Seat> seats, List<String> faults) {
    /**
     * A seat of the experiment.
     *
     * @param path where it stands
     * @param bundle that fills it; empty where none does
     * @param version of the bundle
     * @param settings as the experiment has them, whether anybody can read them or not
     * @param users parts of the experiment that need it: {@code the phase 'pretrain'}
     * @param missing why nothing fills it, who has what could, and what to do; null where something does
     */
    public record Seat(
            String path,
            String kind,
            String id,
            String bundle,
            String version,
            JsonObject settings,
            List<String> users,
            Reason missing) {
        /** Names of its settings. */
        public Set<String> fields() {
            return settings.keySet();
        }
    }

    /** Seats that nothing fills. */
    public List<Seat> missing() {
        return seats.stream().filter(seat -> seat.missing() != null).toList();
    }
}
