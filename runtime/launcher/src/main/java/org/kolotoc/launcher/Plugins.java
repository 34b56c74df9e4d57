package org.kolotoc.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;

/**
 * Bundles that others made. One that a person asked for is used or refused; one that lies in the folder of plugins is used
 * or left out, and all else goes on without it. None of them runs on the thread of a command.
 */
final class Plugins {
    /** Time for all of them to start; each gets at least {@link #LEAST} of its own. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LEAST = Duration.ofSeconds(1);

    private final Host host;
    private final Map<String, String> leftOut = new TreeMap<>();

    /** Bundles of jars that nobody named. */
    private final Map<Path, Bundle> dropped = new LinkedHashMap<>();

    /** Bundles that lie in the folder and wait for others that they need. */
    private final Map<Path, Bundle> waiting = new LinkedHashMap<>();

    /** Jars whose bundles are to go and are still used. */
    private final Set<Path> going = new HashSet<>();

    Plugins(Host host) {
        this.host = host;
    }

    /** Jars that were left out before they were bundles, or that did not start, and why. */
    synchronized Map<String, String> leftOut() {
        return new TreeMap<>(leftOut);
    }

    /**
     * Installs, resolves and starts them.
     *
     * @param asked refused as a whole when one of them can't be used
     * @param dropped left out one by one
     * @throws Problem saying what is wrong with one that was asked for
     */
    void add(List<Path> asked, List<Installed.Jar> dropped) {
        Map<Path, Bundle> wanted = new LinkedHashMap<>();
        asked.forEach(jar -> wanted.put(jar, host.ask(jar)));
        Map<Path, Bundle> found = new LinkedHashMap<>();
        dropped.forEach(jar ->
                orLeftOut(jar.file(), () -> found.put(jar.file(), host.install(jar.file(), jar.sha256(), jar.next()))));
        List<Bundle> all = new ArrayList<>(wanted.values());
        all.addAll(found.values());
        host.resolve(all);
        host.requireResolved(wanted.values());
        host.unresolved(found.values()).forEach(Plugins::tell);
        this.dropped.putAll(found);
        waiting.putAll(found);
        waiting.values().removeIf(bundle -> bundle.getState() != Bundle.INSTALLED);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        wanted.values().forEach(bundle -> start(bundle, deadline));
        found.forEach((jar, bundle) -> orLeftOut(jar, () -> start(bundle, deadline)));
    }

    /** Plugs in a jar that came while the host runs, and with it those that waited for it, and tells of them. */
    void drop(Path jar) {
        synchronized (this) {
            leftOut.remove(jar.toString());
        }
        orLeftOut(jar, () -> {
            Bundle bundle = host.install(jar);
            dropped.put(jar, bundle);
            waiting.put(jar, bundle);
            host.resolve(waiting.values());
            host.unresolved(List.of(bundle)).forEach(Plugins::tell);
        });
        Map<Path, Bundle> resolved = new LinkedHashMap<>(waiting);
        resolved.values().removeIf(bundle -> bundle.getState() == Bundle.INSTALLED);
        waiting.keySet().removeAll(resolved.keySet());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        resolved.forEach((from, bundle) -> orLeftOut(from, () -> {
            start(bundle, deadline);
            System.err.println("kolotoc: plugged in: bundle " + Host.name(bundle));
        }));
    }

    /**
     * Takes out the bundle of a jar that is gone or was changed, once nobody uses it, and tells of it.
     *
     * @param how in words: {@code is gone}
     * @return whether it is taken out now
     */
    boolean takeOut(Path jar, String how) {
        Bundle bundle = dropped.get(jar);
        synchronized (this) {
            leftOut.remove(jar.toString());
        }
        if (bundle == null) {
            return true;
        }
        boolean gone = host.retire(bundle);
        if (gone) {
            System.err.println("kolotoc: taken out: bundle " + Host.name(bundle) + ", whose jar " + how);
            dropped.remove(jar);
            waiting.remove(jar);
            going.remove(jar);
        } else if (going.add(jar)) {
            System.err.println("kolotoc: the jar " + jar + " " + how + "; bundle " + Host.name(bundle)
                    + " serves the run that uses it to its end, and is taken out then");
        }
        return gone;
    }

    private void orLeftOut(Path jar, Runnable work) {
        try {
            work.run();
        } catch (Problem e) {
            tell(e.getMessage());
            synchronized (this) {
                leftOut.put(jar.toString(), e.getMessage());
            }
        }
    }

    private static void tell(String why) {
        System.err.println("kolotoc: left out: " + why);
    }

    /** On a thread of its own, which stays behind when it hangs. */
    private void start(Bundle bundle, long deadline) {
        FutureTask<Void> starting = new FutureTask<>(() -> host.start(bundle), null);
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("start of " + bundle.getSymbolicName())
                .start(starting);
        long patience = Math.max(LEAST.toNanos(), deadline - System.nanoTime());
        try {
            starting.get(patience, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Problem known
                    ? known
                    : new Problem(
                            "bundle " + Host.name(bundle) + " does not start: "
                                    + host.blame().described(e.getCause()),
                            e);
        } catch (TimeoutException _) {
            throw new Problem("bundle " + Host.name(bundle) + " did not start within " + patience / 1_000_000_000 + " s"
                    + host.blame().at(thread.getStackTrace()) + "\n  from " + bundle.getLocation());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
