package org.kolotoc.engine.lease;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.need.Explainer;
import org.kolotoc.engine.state.Hash;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/** A bundle that somebody brings to one run that goes on: it fills a seat of that run alone, whatever else is plugged in. */
public final class Brought implements AutoCloseable {
    private static final int MOST_BYTES = 1 << 28;
    private static final int SHOWN = 300;
    private static final AtomicLong NUMBER = new AtomicLong();

    private final Bundle bundle;
    private final byte[] jar;
    private final FrameworkWiring framework;

    private Brought(Bundle bundle, byte[] jar, FrameworkWiring framework) {
        this.bundle = bundle;
        this.jar = jar;
        this.framework = framework;
    }

    /**
     * Installs, resolves and starts a jar, beside what is there of the same name and version.
     *
     * @param seat that it is to fill
     * @throws InputError when it is no bundle, lacks something, or offers no such plugin; then nothing stays of it
     */
    public static Brought of(Path jar, SeatName seat, InstalledBundles installed) {
        return of(jar, read(jar), seat, installed);
    }

    /** The same of a jar that was read. */
    static Brought of(Path jar, byte[] content, SeatName seat, InstalledBundles installed) {
        Bundle bundle;
        try {
            String location = Leases.OF_A_RUN + Hash.of(content) + Leases.COPY + NUMBER.incrementAndGet();
            bundle = installed.install(location, content, jar.toString());
        } catch (InputError e) {
            throw e;
        } catch (BundleException | RuntimeException e) {
            throw noBundle(jar, deepest(e), e);
        }
        FrameworkWiring framework =
                installed.context().getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
        Brought brought = new Brought(bundle, content, framework);
        try {
            brought.start(jar, seat, installed);
            return brought;
        } catch (RuntimeException | Error e) {
            brought.close();
            throw e;
        }
    }

    private static byte[] read(Path jar) {
        if (Files.isDirectory(jar)) {
            throw InputError.of(
                    jar + " is a folder; expected the jar of a plugin", "build it: mvn package, in its project");
        }
        try (InputStream in = Files.newInputStream(jar)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw noBundle(jar, "it has more than " + Printable.bytes(MOST_BYTES), null);
            }
            return content;
        } catch (NoSuchFileException e) {
            throw InputError.of(
                    jar + " is not there; expected the jar of a plugin", "build it: mvn package, in its project", e);
        } catch (IOException e) {
            throw InputError.of(jar + " can't be read: " + Printable.reason(e), "", e);
        }
    }

    /** What the framework says of it first names a place that is no file. */
    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private static InputError noBundle(Path jar, String why, Exception cause) {
        return InputError.of(
                jar + " is no bundle: " + Printable.cut(why, SHOWN),
                "see docs/plugin.md for how a plugin's project packs its jar",
                cause);
    }

    private void start(Path jar, SeatName seat, InstalledBundles installed) {
        if (bundle.getSymbolicName() == null) {
            throw noBundle(jar, "its manifest has no Bundle-SymbolicName", null);
        }
        List<SeatName> offered = LockedSeats.seatsOf(bundle);
        if (!offered.contains(seat.ofAnyVersion())) {
            throw InputError.of(
                    jar + " offers "
                            + (offered.isEmpty()
                                    ? "no plugin"
                                    : "the "
                                            + String.join(
                                                    " and the ",
                                                    offered.stream()
                                                            .map(SeatName::toString)
                                                            .toList()))
                            + "; expected the " + seat,
                    "bring the jar that has it, or name the seat that this one fills");
        }
        framework.resolveBundles(List.of(bundle));
        String lacks = new Explainer(installed.context()).apply(bundle.getBundleId());
        if (bundle.getState() == Bundle.INSTALLED) {
            throw InputError.of(jar + " can't be used\n  " + lacks, "");
        }
        Optional<Exception> failed = Starting.failed(bundle);
        if (failed.isPresent()) {
            throw InputError.of(
                    jar + " does not start: " + Starting.why(failed.get()), "mend its activator", failed.get());
        }
    }

    public Bundle bundle() {
        return bundle;
    }

    /** Its content. */
    public byte[] jar() {
        return jar;
    }

    /** Uninstalls it and lets its classes go; no other bundle is touched. */
    @Override
    public void close() {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException _) {
            // It fills no seat of anybody else.
        }
        if (framework.getDependencyClosure(List.of(bundle)).size() == 1) {
            framework.refreshBundles(List.of(bundle));
        }
    }
}
