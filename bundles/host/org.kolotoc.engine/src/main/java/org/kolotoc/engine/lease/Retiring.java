package org.kolotoc.engine.lease;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.kolotoc.engine.fill.Leases;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Bundles that are to go from a host. One that fills a seat of a run, or that such a one imports from, serves the run to its
 * end: it fills no other seat any more, and is uninstalled when nobody uses it. What is left of it is let go then, and no
 * other bundle is touched by that.
 */
public final class Retiring {
    private final BundleContext context;
    private final Set<Supplier<Collection<Bundle>>> users = new HashSet<>();
    private final Set<Bundle> going = new LinkedHashSet<>();

    public Retiring(BundleContext context) {
        this.context = context;
    }

    /** The use of some bundles, until it is closed. */
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /** Keeps here what leases hand out, now or later, until the use is closed. */
    public Use use(Leases leases) {
        Supplier<Collection<Bundle>> bundles = () -> leases.filled().values();
        synchronized (this) {
            users.add(bundles);
        }
        return () -> {
            synchronized (this) {
                users.remove(bundles);
            }
            settle();
        };
    }

    /** Whether a bundle is to go, and is there only for who uses it. */
    public synchronized boolean isGoing(Bundle bundle) {
        return going.contains(bundle);
    }

    /**
     * Uninstalls bundles: now what nobody uses, the others later.
     *
     * @return those that are still used
     */
    public List<Bundle> retire(Collection<Bundle> bundles) {
        synchronized (this) {
            going.addAll(bundles);
        }
        settle();
        return bundles.stream()
                .filter(bundle -> bundle.getState() != Bundle.UNINSTALLED)
                .toList();
    }

    /** A bundle that was to go stays. */
    public synchronized void keep(Bundle bundle) {
        going.remove(bundle);
    }

    private void settle() {
        Set<Bundle> used;
        List<Bundle> free;
        synchronized (this) {
            if (going.isEmpty()) {
                return;
            }
            used = used();
            free = going.stream().filter(bundle -> !used.contains(bundle)).toList();
            free.forEach(going::remove);
        }
        free.forEach(Retiring::uninstall);
        if (!free.isEmpty()) {
            letGo(used);
        }
    }

    private Set<Bundle> used() {
        List<Bundle> leased = new ArrayList<>();
        users.forEach(bundles -> leased.addAll(bundles.get()));
        return new HashSet<>(new InstalledBundles(context).withImports(leased));
    }

    private static void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException _) {
            // Somebody else did, or its activator did not want to stop: nobody uses it.
        }
    }

    /** Lets classes go of what is uninstalled, where no bundle that stays, or that a run uses, is wired to it. */
    private void letGo(Set<Bundle> used) {
        FrameworkWiring framework =
                context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
        List<Bundle> alone = framework.getRemovalPendingBundles().stream()
                .filter(bundle -> Stream.concat(
                                Stream.of(bundle), framework.getDependencyClosure(List.of(bundle)).stream())
                        .allMatch(other -> other.getState() == Bundle.UNINSTALLED && !used.contains(other)))
                .toList();
        if (!alone.isEmpty()) {
            framework.refreshBundles(alone);
        }
    }
}
