package org.kolotoc.engine.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.TestFramework;
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

    /** A lock that somebody changed is not taken for an experiment that is wrong. */
    @Test
    void aContentThatTheFolderNeverKeptIsNamed() {
        InstalledBundles installed = new Workshop(new TestFramework().context()).installed();
        SeatName seat = new SeatName("phase", "mine");
        BundleContent ran = new BundleContent("mine", "1.0.0", "a".repeat(64));
        BundleContent edited = new BundleContent("mine", "1.0.0", "0".repeat(64));
        LockedSeats locked =
                new LockedSeats(folder, List.of(new LockedSeats.Entry(seat, edited, 0)), List.of(ran), List.of());
        InputError error = assertThrows(
                InputError.class,
                () -> locked.leases(locked.now(), installed, new Trusted(Optional.empty()), true, Client.NOBODY));
        assertTrue(error.getMessage().contains("lock.json: the phase 'mine' was filled by mine 1.0.0 (00000000)"));
        assertTrue(error.getMessage().contains("it has mine 1.0.0 (aaaaaaaa)"), error.getMessage());
    }

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
