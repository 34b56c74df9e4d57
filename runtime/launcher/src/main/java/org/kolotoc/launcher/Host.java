package org.kolotoc.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** The framework with its bundles: installs all, then resolves, then starts, and finds the commands they offer. */
final class Host implements AutoCloseable {
    private static final String COMMAND = "kolotoc.command";
    private static final long STOP_MILLISECONDS = 5_000;

    private final Framework framework;
    private final boolean debug;

    private Host(Framework framework, boolean debug) {
        this.framework = framework;
        this.debug = debug;
    }

    /**
     * Starts an empty framework.
     *
     * @param cache folder for its files
     * @param properties framework properties that bundles may read
     * @param stop offered to commands as the service {@code kolotoc.stop}
     */
    static Host start(Path cache, Map<String, String> properties, BooleanSupplier stop, boolean debug) {
        Map<String, String> configuration = new TreeMap<>(properties);
        configuration.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        configuration.put("felix.log.level", debug ? "3" : "0");
        Framework framework = new FrameworkFactory().newFramework(configuration);
        try {
            framework.start();
        } catch (BundleException e) {
            throw new Problem("the framework does not start: " + e.getMessage(), e);
        }
        Host host = new Host(framework, debug);
        host.offer(BooleanSupplier.class, stop, "kolotoc.stop");
        host.offer(Supplier.class, Help::words, "kolotoc.words");
        return host;
    }

    private <S> void offer(Class<S> type, S service, String mark) {
        context().registerService(type, service, new Hashtable<>(Map.of(mark, true)));
    }

    /** Installs a jar, unless it is installed already. */
    Bundle install(Path jar) {
        if (!Files.isReadable(jar)) {
            throw new Problem("bundle " + jar + " is not there or cannot be read");
        }
        Bundle bundle;
        try {
            bundle = context().installBundle(jar.toRealPath().toUri().toString());
        } catch (BundleException e) {
            throw new Problem("bundle " + jar + " cannot be installed: " + reason(e), e);
        } catch (IOException e) {
            throw new Problem("bundle " + jar + " cannot be read: " + e.getMessage(), e);
        }
        if (bundle.getSymbolicName() == null) {
            throw new Problem("bundle " + jar + " has no Bundle-SymbolicName in META-INF/MANIFEST.MF;"
                    + " build it with bnd-maven-plugin, as the plugins in examples/ do");
        }
        return bundle;
    }

    private static String reason(BundleException e) {
        if (e.getType() == BundleException.DUPLICATE_BUNDLE_ERROR) {
            return "a bundle of the same name and version is installed already; change one of the two versions";
        }
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() + (deepest instanceof IOException ? " (is it a whole jar file?)" : "");
    }

    /**
     * Resolves the given bundles.
     *
     * @return what to tell about each that does not resolve; empty when all do
     */
    List<String> resolve(List<Bundle> bundles) {
        if (framework.adapt(FrameworkWiring.class).resolveBundles(bundles)) {
            return List.of();
        }
        return new Unresolved(context().getBundles(), debug).explain(bundles);
    }

    /** Starts every bundle that is resolved; a lazy one runs no code yet. */
    void activate(List<Bundle> bundles) {
        for (Bundle bundle : bundles) {
            if (bundle.getState() != Bundle.RESOLVED || isFragment(bundle)) {
                continue;
            }
            try {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            } catch (BundleException e) {
                throw new Problem(
                        "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " does not start: "
                                + reason(e),
                        e);
            }
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /** The command of a name, if a bundle offers it now. */
    Optional<Command> command(String name) {
        return references().stream()
                .filter(r -> name.equals(r.getProperty(COMMAND)))
                .findFirst()
                .map(this::command);
    }

    @SuppressWarnings("unchecked")
    private Command command(ServiceReference<?> reference) {
        return new Command(
                (ToIntFunction<String[]>) context().getService(reference),
                Boolean.parseBoolean(text(reference, COMMAND + ".stoppable")));
    }

    /** The bundle that has a class, by the class's name. */
    Optional<String> owner(String type) {
        String file = type.replace('.', '/') + ".class";
        return Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID && bundle.getEntry(file) != null)
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
                .findFirst();
    }

    /** Name and summary of every command that is offered now. */
    Map<String, String> commands() {
        Map<String, String> found = new TreeMap<>();
        references().forEach(r -> found.put(text(r, COMMAND), text(r, COMMAND + ".summary")));
        return found;
    }

    private static String text(ServiceReference<?> reference, String property) {
        Object value = reference.getProperty(property);
        return value == null ? "" : value.toString();
    }

    private List<ServiceReference<?>> references() {
        try {
            ServiceReference<?>[] found =
                    context().getServiceReferences(ToIntFunction.class.getName(), "(" + COMMAND + "=*)");
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private BundleContext context() {
        return framework.getBundleContext();
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(STOP_MILLISECONDS);
        } catch (BundleException _) {
            // Nothing to mend: the process ends next.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A command of a bundle.
     *
     * @param body arguments in, exit code out; null when its component failed to start
     * @param stoppable whether it ends by itself once a stop is asked for
     */
    record Command(ToIntFunction<String[]> body, boolean stoppable) {

        int run(List<String> arguments) {
            return body.applyAsInt(arguments.toArray(String[]::new));
        }
    }
}
