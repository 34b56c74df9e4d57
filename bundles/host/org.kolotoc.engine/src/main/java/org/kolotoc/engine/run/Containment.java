package org.kolotoc.engine.run;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.lease.BundleContent;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.state.Checkpoints;
import org.osgi.framework.Bundle;

/**
 * Keeps what a plugin breaks to its run. The bundle is quarantined in that run; where another filled its seats before, the run
 * goes back to a checkpoint and on with that one, else it ends, saved.
 */
record Containment(Workshop workshop, Ending ending, Swapper swapper, Client client) {
    private static final long NONE = -1;

    /** Kinds of seats that have no part in what a step makes of the state. */
    private static final List<String> BESIDE_STEPS = List.of(Seat.SAMPLER, Seat.METRIC);

    /**
     * Runs it.
     *
     * @throws GoBack where it is to go on from a checkpoint
     */
    Run.Result contained(Ending.Work run) throws IOException {
        try {
            return run.run();
        } catch (PluginFailure e) {
            swapper.settle();
            quarantine(e.bundle(), e.getMessage(), e);
            throw e;
        }
    }

    /**
     * Goes back where a run got numbers that are not finite, and another plugin has filled a seat since its last checkpoint.
     *
     * @throws GoBack if so
     */
    void goBackFrom(Divergence divergence) throws IOException {
        Optional<Swapper.Done> last = swapper.last()
                .filter(done -> !BESIDE_STEPS.contains(done.seat().kind()))
                .filter(done -> new Checkpoints(ending.folder().path()).steps().getLast() <= done.step());
        if (last.isPresent()) {
            swapper.settle();
            quarantine(swapper.filled().get(last.get().seat()), divergence.getMessage(), divergence);
        }
    }

    private void quarantine(Bundle bundle, String why, RuntimeException cause) throws IOException {
        InstalledBundles installed = workshop.installed();
        List<SeatName> seats = swapper.filled().entrySet().stream()
                .filter(seat -> seat.getValue().equals(bundle))
                .map(Map.Entry::getKey)
                .toList();
        BundleContent content = installed.content(bundle);
        // A part of the program is not to blame for what it was given; and what nobody can tell from a mended one
        // stays.
        if (seats.isEmpty() || !content.isKnown() || installed.isOwn(bundle)) {
            return;
        }
        long step = ending.measured().made();
        String reason = why.lines().findFirst().orElse("");
        Lock.quarantine(ending.folder(), content, step, reason);
        long saved = new Checkpoints(ending.folder().path()).steps().stream().reduce(NONE, Math::max);
        boolean back = saved != NONE
                && LockedSeats.of(ending.folder().path())
                        .soundAt(saved)
                        .keySet()
                        .containsAll(seats);
        ending.status().failed(step, reason);
        client.tell(new Event.Quarantined(step, seats.getFirst().toString(), content.toString(), why, back));
        if (back) {
            throw new GoBack(ending.folder().path(), cause);
        }
    }
}
