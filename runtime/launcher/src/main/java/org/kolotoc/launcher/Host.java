package org.kolotoc.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.kolotoc.launcher.trust.Gate;
import org.kolotoc.launcher.trust.Policy;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** The framework with its bundles: installs, resolves and starts them, and finds the commands they offer. */
final class Host implements AutoCloseable {
    private static final String COMMAND = "kolotoc.command";
    private static final long STOP_MILLISECONDS = 5_000;

    private final Framework framework;
    private final Hashes hashes = new Hashes();
    private final Blame blame = new Blame(this::owner);
    private final Set<Bundle> own = new HashSet<>();
    private final Set<Bundle> asked = new HashSet<>();
    private final Jars jars;

    private Host(Framework framework, Path cache, List<Policy> policies) {
        this.framework = framework;
        this.jars = new Jars(new Gate(policies, cache.getParent(), bundle -> copies(cache, bundle), own::contains));
    }

    /**
     * Starts an empty framework.
     *
     * @param cache folder for its files, in one that nobody else may enter
     * @param policies of what may run; all of them hold
     * @param properties framework properties that bundles may read
     * @param stop offered to commands as the service {@code kolotoc.stop}
     */
    static Host start(
            Path cache, List<Policy> policies, Map<String, String> properties, BooleanSupplier stop, boolean debug) {
        Map<String, String> configuration = new TreeMap<>(properties);
        configuration.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        // A run may need another version of a plugin than the one that is plugged in, or another content of the same.
        configuration.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        configuration.put("felix.log.level", debug ? "3" : "0");
        // Why a component can't be made is told in words when somebody needs it.
        configuration.put("ds.showerrors", Boolean.toString(debug));
        Framework framework = new FrameworkFactory().newFramework(configuration);
        try {
            framework.start();
        } catch (BundleException e) {
            throw new Problem("the framework does not start: " + e.getMessage(), e);
        }
        Host host = new Host(framework, cache, policies);
        if (!host.jars.gate().isOpen()) {
            host.context().registerService(ResolverHookFactory.class, host.jars.gate(), new Hashtable<>());
        }
        host.hashes.note(framework, framework.getClass());
        host.offer(BooleanSupplier.class, stop, "kolotoc.stop", true);
        host.offer(Supplier.class, Help::words, "kolotoc.words", true);
        TerminalWidth terminal = TerminalWidth.ofThisProcess();
        host.offer(IntSupplier.class, terminal, "kolotoc.columns", true);
        host.offer(BooleanSupplier.class, terminal::isOut, "kolotoc.terminal", "out");
        host.offer(LongFunction.class, host.hashes, "kolotoc.hashes", "bundle");
        host.offer(LongFunction.class, host::origin, "kolotoc.origins", "bundle");
        host.offer(
                LongFunction.class,
                bundle -> copies(cache, bundle).stream().findFirst().orElse(null),
                "kolotoc.jars",
                "bundle");
        host.offer(Function.class, host.jars.gate(), "kolotoc.trusts", "jar");
        return host;
    }

    /** Offers a service of a type of the JDK to the bundles. */
    <S> void offer(Class<S> type, S service, String mark, Object value) {
        context().registerService(type, service, new Hashtable<>(Map.of(mark, value)));
    }

    /** Who brought a bundle: the {@code program}, or a person who {@code asked} for it; else nobody in particular. */
    private String origin(long id) {
        Bundle bundle = context().getBundle(id);
        return own.contains(bundle) ? "program" : asked.contains(bundle) ? "asked" : "";
    }

    /** The framework's copies of a bundle's jar: one, unless it was updated. */
    private static List<Path> copies(Path cache, long id) {
        try (Stream<Path> files =
                Files.find(cache.resolve("bundle" + id), 2, (file, _) -> file.endsWith("bundle.jar"))) {
            return files.toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    /** Installs a jar that a person named. */
    Bundle ask(Path jar) {
        Bundle bundle = install(jar);
        asked.add(bundle);
        return bundle;
    }

    /** Installs jars of the program itself, resolves and starts them. */
    void add(List<Path> all) {
        List<Bundle> bundles = all.stream().map(this::own).toList();
        own.addAll(bundles);
        resolve(bundles);
        bundles.forEach(this::start);
        requireResolved(bundles);
    }

    /** Installs a jar of the program itself. */
    private Bundle own(Path jar) {
        Jars.requireReadable(jar);
        try (InputStream in = Files.newInputStream(jar)) {
            return install(jar, in);
        } catch (IOException e) {
            throw Jars.unreadable(jar, e);
        }
    }

    /** Installs a jar of others, unless it is installed already. */
    Bundle install(Path jar) {
        return install(jar, "", "");
    }

    /**
     * Installs a jar of others, unless it is installed already. Nothing of it is used before it is known that it may be.
     *
     * @param sha256 that it has to have; empty where any will do
     * @param next what to do where it has another
     * @throws Problem when it is no bundle, or a policy does not let it run; nothing of it stays
     */
    Bundle install(Path jar, String sha256, String next) {
        byte[] content = jars.read(jar, sha256, next);
        return install(jar, new ByteArrayInputStream(content));
    }

    private Bundle install(Path jar, InputStream from) {
        Bundle bundle;
        try {
            bundle = hashes.install(context(), jar, from);
        } catch (BundleException e) {
            throw new Problem("bundle " + jar + " cannot be installed: " + reason(e), e);
        } catch (IOException e) {
            throw Jars.unreadable(jar, e);
        } catch (RuntimeException e) {
            throw new Problem("bundle " + jar + " cannot be installed: " + Blame.printable(e.toString()), e);
        }
        if (bundle.getSymbolicName() == null) {
            remove(bundle);
            throw new Problem("bundle " + jar + " has no Bundle-SymbolicName in META-INF/MANIFEST.MF;"
                    + " build it with bnd-maven-plugin, as the plugins in examples/ do");
        }
        if (isTwin(bundle)) {
            remove(bundle);
            throw new Problem(
                    "bundle " + jar + " cannot be installed: a bundle of the same name and version is installed"
                            + " already; take one of the two out, or change its version");
        }
        return bundle;
    }

    private boolean isTwin(Bundle bundle) {
        return Arrays.stream(context().getBundles())
                .anyMatch(other -> other != bundle
                        && bundle.getSymbolicName().equals(other.getSymbolicName())
                        && bundle.getVersion().equals(other.getVersion()));
    }

    /**
     * Takes a bundle out, once nobody uses it.
     *
     * @return whether it is gone now
     */
    boolean retire(Bundle bundle) {
        Optional<LongPredicate> retirement = references(LongPredicate.class, "(kolotoc.retires=bundle)")
                .findFirst()
                .map(reference -> (LongPredicate) context().getService(reference));
        if (retirement.isPresent()) {
            return retirement.get().test(bundle.getBundleId());
        }
        remove(bundle);
        return true;
    }

    private static void remove(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new Problem("bundle " + bundle.getLocation() + " cannot be taken out: " + reason(e), e);
        }
    }

    private static String reason(BundleException e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return Blame.printable(String.valueOf(deepest.getMessage()))
                + (deepest instanceof IOException ? " (is it a whole jar file?)" : "");
    }

    /** Resolves those of the given bundles that can be. */
    void resolve(Collection<Bundle> bundles) {
        framework.adapt(FrameworkWiring.class).resolveBundles(bundles);
    }

    /** Refuses bundles that do not resolve. */
    void requireResolved(Collection<Bundle> bundles) {
        List<String> troubles = unresolved(bundles);
        if (!troubles.isEmpty()) {
            throw new Problem(String.join("\n", troubles));
        }
    }

    /** Why some of the given bundles do not resolve, as a text of a few lines for each of them. */
    List<String> unresolved(Collection<Bundle> bundles) {
        return bundles.stream()
                .filter(bundle -> bundle.getState() == Bundle.INSTALLED)
                .map(this::explained)
                .toList();
    }

    /** What is wrong with a bundle, as the engine explains it; where that is what does not run, no more than its name. */
    private String explained(Bundle bundle) {
        return references(LongFunction.class, "(kolotoc.explains=bundle)")
                .findFirst()
                .map(reference -> (LongFunction<?>) context().getService(reference))
                .map(explainer -> String.valueOf(explainer.apply(bundle.getBundleId())))
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> "bundle " + name(bundle) + " can't be used\n  from " + bundle.getLocation()
                        + "\n  do: ./kolotoc build");
    }

    /** Starts a bundle if it is resolved; a lazy one runs no code yet. */
    void start(Bundle bundle) {
        if (bundle.getState() != Bundle.RESOLVED || isFragment(bundle)) {
            return;
        }
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            throw new Problem(
                    "bundle " + name(bundle) + " does not start: " + blame.described(e) + "\n  from "
                            + bundle.getLocation(),
                    e);
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /** The command of a name, if a bundle offers it now. */
    Optional<Command> command(String name) {
        return commandReferences()
                .filter(r -> name.equals(r.getProperty(COMMAND)))
                .findFirst()
                .map(this::command);
    }

    @SuppressWarnings("unchecked")
    private Command command(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        String name = text(reference, COMMAND);
        ToIntFunction<String[]> body = (ToIntFunction<String[]>) context().getService(reference);
        if (body == null) {
            throw new Problem("command '" + name + "' could not be started\n" + explained(bundle));
        }
        return new Command(
                own.contains(bundle) ? body : line -> guarded(name, bundle, body, line),
                Boolean.parseBoolean(text(reference, COMMAND + ".stoppable")),
                text(reference, COMMAND + ".stopping"));
    }

    /** Runs a command that others made; what it throws is their fault. */
    private int guarded(String name, Bundle bundle, ToIntFunction<String[]> body, String[] line) {
        try {
            return body.applyAsInt(line);
        } catch (Throwable e) {
            throw new Problem(
                    "command '" + name + "' of the bundle " + name(bundle) + " failed: " + blame.described(e)
                            + "\n  from " + bundle.getLocation(),
                    e);
        }
    }

    static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    /** Finds out whose fault something is. */
    Blame blame() {
        return blame;
    }

    /** The bundle that has a class, by the class's name. */
    Optional<String> owner(String type) {
        String file = type.replace('.', '/') + ".class";
        return Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID && bundle.getEntry(file) != null)
                .map(Host::name)
                .findFirst();
    }

    /** Name and summary of every command that is offered now. */
    Map<String, String> commands() {
        Map<String, String> found = new TreeMap<>();
        commandReferences().forEach(r -> found.putIfAbsent(text(r, COMMAND), text(r, COMMAND + ".summary")));
        return found;
    }

    private static String text(ServiceReference<?> reference, String property) {
        Object value = reference.getProperty(property);
        return value == null ? "" : value.toString();
    }

    /** All commands, the program's own first: nobody takes the place of one of those. Others as the framework ranks them. */
    private Stream<ServiceReference<?>> commandReferences() {
        return references(ToIntFunction.class, "(" + COMMAND + "=*)")
                .sorted(Comparator.comparing((ServiceReference<?> reference) -> !own.contains(reference.getBundle()))
                        .thenComparing(Comparator.reverseOrder()));
    }

    private Stream<ServiceReference<?>> references(Class<?> type, String filter) {
        try {
            ServiceReference<?>[] found = context().getServiceReferences(type.getName(), filter);
            return found == null ? Stream.of() : Arrays.stream(found);
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
     * @param body arguments in, exit code out
     * @param stoppable whether it ends by itself once a stop is asked for
     * @param stopping what people are told then; may be empty
     */
    record Command(ToIntFunction<String[]> body, boolean stoppable, String stopping) {

        int run(List<String> arguments) {
            return body.applyAsInt(arguments.toArray(String[]::new));
        }
    }
}
