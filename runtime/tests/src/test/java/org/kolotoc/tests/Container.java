package org.kolotoc.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** A framework inside the test's own process, filled with some of the assembled jars. */
record Container(Framework framework) implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    /** Installs all, then resolves, then starts, as the launcher does. */
    static Container start(Path storage, List<String> artifacts) throws BundleException {
        return start(storage, artifacts, Map.of());
    }

    /** As above, with more properties of the framework. */
    static Container start(Path storage, List<String> artifacts, Map<String, String> properties)
            throws BundleException {
        Map<String, String> configuration = new HashMap<>(properties);
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        configuration.put("felix.log.level", "0");
        Framework framework = new FrameworkFactory().newFramework(configuration);
        framework.start();
        List<Bundle> bundles = new ArrayList<>();
        for (String artifact : artifacts) {
            bundles.add(framework
                    .getBundleContext()
                    .installBundle(Assembled.jar(artifact).toUri().toString()));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        return new Container(framework);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Installs and starts one more; reads the jar now, so that the file may go. */
    Bundle install(Path jar) throws BundleException, IOException {
        try (var in = Files.newInputStream(jar)) {
            Bundle bundle = context().installBundle(jar.toUri().toString(), in);
            bundle.start();
            return bundle;
        }
    }

    /** Lets go of what was uninstalled or updated, and waits till that is done. */
    void refresh() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        FrameworkListener listener = event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        };
        framework.adapt(FrameworkWiring.class).refreshBundles(null, listener);
        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("refresh took more than " + PATIENCE_SECONDS + " s");
        }
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (BundleException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
