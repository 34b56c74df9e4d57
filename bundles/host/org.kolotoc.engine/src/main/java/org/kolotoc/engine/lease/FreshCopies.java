package org.kolotoc.engine.lease;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.SeatName;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;

/**
 * The bundles that fill some seats, installed a second time: as in another process, nothing is there yet of what their
 * classes and plugins keep. One that others import from, or whose jar can't be had, is used as it is.
 */
public final class FreshCopies implements AutoCloseable {
    private static final String COPY = Leases.COPY + "copy";

    private final List<Bundle> copies = new ArrayList<>();
    private final Leases leases;

    private FreshCopies(Leases of, InstalledBundles installed) {
        Map<Bundle, Bundle> copied = new HashMap<>();
        for (Bundle bundle : new LinkedHashSet<>(of.filled().values())) {
            copied.put(bundle, copy(bundle, installed).orElse(bundle));
        }
        Map<SeatName, Bundle> seats = new LinkedHashMap<>();
        of.filled().forEach((seat, bundle) -> seats.put(seat, copied.get(bundle)));
        this.leases = new Leases(seats);
    }

    /** Copies what was handed out by leases. */
    public static FreshCopies of(Leases leases, InstalledBundles installed) {
        return new FreshCopies(leases, installed);
    }

    /** The same seats, filled by the copies. */
    public Leases leases() {
        return leases;
    }

    private Optional<Bundle> copy(Bundle bundle, InstalledBundles installed) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        Optional<byte[]> jar = wiring == null
                        || !wiring.getProvidedWires(PackageNamespace.PACKAGE_NAMESPACE)
                                .isEmpty()
                ? Optional.empty()
                : installed.jar(bundle);
        if (jar.isEmpty()) {
            return Optional.empty();
        }
        String location = Leases.OF_A_RUN + installed.content(bundle).sha256() + COPY;
        try {
            Bundle copy = installed.install(location, jar.get(), bundle.getLocation());
            copies.add(copy);
            copy.start(Bundle.START_ACTIVATION_POLICY);
            return Optional.of(copy);
        } catch (BundleException _) {
            // It runs once and no more often.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        for (Bundle copy : copies) {
            try {
                copy.uninstall();
            } catch (BundleException _) {
                // It fills no seat of anybody else.
            }
        }
    }
}
