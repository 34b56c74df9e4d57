package org.kolotoc.engine.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.run.Console;

/** What a run that goes back swaps again. */
final class LockedSeatsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsQuarantinedIsNotSwappedAgain() throws IOException {
        Console console = new Console(folder);
        Workshop workshop = new Workshop(console.framework().context());
        Leases leases = Leases.free();
        ExperimentFile file = ExperimentFile.read(console.experiment(), _ -> {});
        try (Workbench _ = workshop.workbench(file, Options.none(), leases, Optional.empty(), false, Client.NOBODY)) {
            InstalledBundles installed = workshop.installed();
            SeatName seat = leases.filled().keySet().stream()
                    .filter(one -> one.id().equals("pretrain"))
                    .findFirst()
                    .orElseThrow();
            LockedSeats.Entry first = new LockedSeats.Entry(
                    seat, installed.content(leases.filled().get(seat)), 0);
            LockedSeats.Entry sound = new LockedSeats.Entry(seat, new BundleContent("sound", "1.0.0", "aa"), 5);
            LockedSeats.Entry broken = new LockedSeats.Entry(seat, new BundleContent("broken", "1.0.0", "bb"), 7);
            LockedSeats locked = new LockedSeats(folder, List.of(first, sound, broken), List.of(), List.of());
            assertEquals(List.of(sound, broken), locked.later(0, leases, installed));
            assertEquals(
                    List.of(sound), locked.quarantine(broken.bundle(), 8, "odd").later(0, leases, installed));
        }
    }
}
