package org.kolotoc.engine.lease;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.kolotoc.engine.experiment.Printable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;

/** Starts bundles that come while the host runs: a run brings them with it, or a feature. */
public final class Starting {
    private static final int PATIENCE_SECONDS = 10;
    private static final int SHOWN = 300;

    private Starting() {}

    /**
     * Starts a resolved bundle on a thread of its own, which stays behind when it hangs.
     *
     * @return why it did not start; empty where it did, or where there is nothing to start
     */
    public static Optional<Exception> failed(Bundle bundle) {
        boolean fragment = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
        if (bundle.getState() != Bundle.RESOLVED || fragment) {
            return Optional.empty();
        }
        FutureTask<Void> starting = new FutureTask<>(() -> {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
            return null;
        });
        Thread.ofPlatform()
                .daemon()
                .name("start of " + bundle.getSymbolicName())
                .start(starting);
        try {
            starting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What {@link #failed} gave, for people. */
    public static String why(Exception failed) {
        Throwable deepest = failed;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return failed instanceof TimeoutException
                ? "it did not come back within " + PATIENCE_SECONDS + " s"
                : Printable.cut(String.valueOf(deepest), SHOWN);
    }
}
