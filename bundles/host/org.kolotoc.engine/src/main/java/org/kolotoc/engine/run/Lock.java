package org.kolotoc.engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.kolotoc.engine.data.LockedData;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Origin;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.folder.ExperimentSeal;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.lease.Brought;
import org.kolotoc.engine.lease.BundleContent;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.lease.OtherCode;
import org.kolotoc.engine.lease.Trusted;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.replay.Certificate;

/** {@code lock.json}: exactly what a run ran with. */
final class Lock {
    static final String FILE = RunFolder.LOCK;

    private Lock() {}

    /**
     * Of a run that begins.
     *
     * @param seats what fills them
     * @param proof that it can be resumed, where it was looked for
     * @param file of the experiment
     */
    static JsonObject of(
            InstalledBundles installed,
            Workbench bench,
            LockedSeats seats,
            Optional<JsonArray> proof,
            ExperimentFile file) {
        JsonObject lock = new JsonObject();
        lock.addProperty("schema", "kolotoc.lock/1");
        lock.add(OtherCode.BUNDLES, installed.json());
        seats.write(lock);
        lock.addProperty(OtherCode.JDK, OtherCode.jdk());
        lock.addProperty("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        lock.addProperty("cpu", cpu());
        lock.addProperty(OtherCode.BACKEND, bench.backend().id());
        lock.addProperty("device", bench.backend().device());
        lock.add(OtherCode.LIBRARIES, OtherCode.libraries(bench.backend()));
        lock.addProperty(Origin.FIELD, file.origin().folder().toString());
        lock.add("data", LockedData.json(bench.dataFiles()));
        ExperimentSeal.add(lock, file.json());
        proof.ifPresent(phases -> lock.add(Certificate.FIELD, phases));
        return lock;
    }

    /** Whether it was shown that the run of a folder can be resumed, or could not be noted because the lock is broken. */
    static boolean isProved(RunFolder folder) {
        return folder.read(FILE).map(lock -> lock.has(Certificate.FIELD)).orElse(true);
    }

    /** Writes into the lock of a run that it can be resumed. */
    static void prove(RunFolder folder, JsonArray proof) throws IOException {
        Optional<JsonObject> lock = folder.read(FILE);
        if (lock.isPresent()) {
            lock.get().add(Certificate.FIELD, proof);
            folder.write(FILE, lock.get());
        }
    }

    /** Writes into the lock of a run that goes on what its experiment is from now on. */
    static void know(RunFolder folder, ExperimentFile file) throws IOException {
        Optional<JsonObject> lock = folder.read(FILE);
        if (lock.isPresent()) {
            ExperimentSeal.add(lock.get(), file.json());
            folder.write(FILE, lock.get());
        }
    }

    /** Writes into the lock of a run that goes on what fills its seats from now on, if that is another than before. */
    static void refill(RunFolder folder, InstalledBundles installed, Trusted trusted, Leases leases, long step)
            throws IOException {
        refill(folder, locked -> locked.with(leases, installed, trusted, step, folder::keep));
    }

    /** The same after a bundle was brought to the run. */
    static void swap(
            RunFolder folder, InstalledBundles installed, Trusted trusted, Brought brought, Leases leases, long step)
            throws IOException {
        refill(folder, locked -> locked.with(brought, leases, installed, trusted, step, folder::keep));
    }

    /** Notes that a bundle broke, and is not to fill a seat again. */
    static void quarantine(RunFolder folder, BundleContent content, long step, String reason) throws IOException {
        refill(folder, locked -> locked.quarantine(content, step, reason));
    }

    @FunctionalInterface
    private interface Refill {
        LockedSeats of(LockedSeats locked) throws IOException;
    }

    private static void refill(RunFolder folder, Refill refill) throws IOException {
        Optional<JsonObject> lock = folder.read(FILE);
        if (lock.isPresent()) {
            LockedSeats locked = LockedSeats.of(folder.path());
            LockedSeats now = refill.of(locked);
            if (!now.equals(locked)) {
                now.write(lock.get());
                folder.write(FILE, lock.get());
            }
        }
    }

    private static String cpu() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
            return lines.stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException _) {
            return System.getProperty("os.arch");
        }
    }
}
