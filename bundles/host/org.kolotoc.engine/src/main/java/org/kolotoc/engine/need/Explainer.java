package org.kolotoc.engine.need;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.resource.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Says in plain words what keeps a bundle from being used: its need, what is there instead, the next command. The one
 * place that knows, for commands and, as a service of types that it shares with nobody, for the launcher.
 */
@Component(service = LongFunction.class, property = "kolotoc.explains=bundle")
public final class Explainer implements LongFunction<String> {
    private final BundleContext context;

    @Activate
    public Explainer(BundleContext context) {
        this.context = context;
    }

    /**
     * What is wrong with a bundle.
     *
     * @param bundle its number
     * @return a few lines, or an empty text where nothing is
     */
    @Override
    public String apply(long bundle) {
        boolean filters = Boolean.parseBoolean(context.getProperty("kolotoc.debug"));
        return of(context.getBundle(bundle)).map(reason -> reason.text(filters)).orElse("");
    }

    /** What keeps a bundle from being used; nothing where nothing does. */
    public Optional<Reason> of(Bundle bundle) {
        return told(bundle, reasons(bundle));
    }

    private static Optional<Reason> told(Bundle bundle, List<Reason> reasons) {
        return reasons.isEmpty()
                ? Optional.empty()
                : Optional.of(Reason.of(
                                "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " is "
                                        + state(bundle),
                                reasons)
                        .and(Shelves.origin(bundle)));
    }

    /** What keeps the component behind a service from being made, as far as its class tells; its code does not run. */
    public Optional<Reason> of(ServiceReference<?> plugin) {
        return told(plugin.getBundle(), new Components(context).troubles(plugin));
    }

    /** The class behind a service that is a component. */
    public Optional<Class<?>> implementation(ServiceReference<?> plugin) {
        return new Components(context).implementation(plugin);
    }

    /** What somebody needs, in words: {@code package org.kolotoc.api, version 1.2.0 or newer}. */
    public static String wanted(Requirement need) {
        return Requirements.wanted(need);
    }

    private List<Reason> reasons(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> new Requirements(context.getBundles(), new Shelves(context)).of(bundle);
            case Bundle.ACTIVE -> new Components(context).troubles(bundle);
            case Bundle.STARTING ->
                isLazy(bundle)
                        ? new Components(context).troubles(bundle)
                        : List.of(
                                Reason.of("its start has not come to an end", "look at what its activator waits for"));
            case Bundle.UNINSTALLED -> List.of(Reason.of("it was taken out", "install it again"));
            default -> List.of(stopped(bundle));
        };
    }

    private Reason stopped(Bundle bundle) {
        List<String> told = new Shelves(context)
                .leftOut().entrySet().stream()
                        .filter(jar -> Shelves.location(Path.of(jar.getKey())).equals(bundle.getLocation()))
                        .flatMap(jar -> jar.getValue().lines())
                        .map(String::strip)
                        .filter(line -> !line.startsWith("from "))
                        .toList();
        return told.isEmpty()
                ? Reason.of(
                        "it was not started; its activator may have failed",
                        "start the command with --debug, which shows what it throws")
                : new Reason(
                        "it did not start",
                        told.stream().map(Reason::of).toList(),
                        "mend its activator, or take the jar out",
                        "");
    }

    private static boolean isLazy(Bundle bundle) {
        String policy = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY);
        return policy != null && policy.startsWith(Constants.ACTIVATION_LAZY);
    }

    private static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> "installed, not resolved";
            case Bundle.ACTIVE, Bundle.STARTING -> "started, but gives no plugin";
            case Bundle.UNINSTALLED -> "not installed any more";
            default -> "stopped";
        };
    }
}
