package org.kolotoc.engine.fill;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
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
        return String.join("\n", of(context.getBundle(bundle)));
    }

    /** The same as lines: the first names the bundle, the others are indented. */
    List<String> of(Bundle bundle) {
        List<String> reasons = reasons(bundle);
        return reasons.isEmpty() ? List.of() : told(bundle, reasons);
    }

    private static List<String> told(Bundle bundle, List<String> reasons) {
        List<String> lines = new ArrayList<>();
        lines.add("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " is " + state(bundle));
        reasons.forEach(reason -> lines.add("  " + reason));
        lines.add("  from " + bundle.getLocation());
        return lines;
    }

    /** What keeps the component behind a service from being made, as far as its class tells; its code does not run. */
    List<String> of(ServiceReference<?> plugin) {
        List<String> reasons = new Components(context).troubles(plugin);
        return reasons.isEmpty() ? List.of() : told(plugin.getBundle(), reasons);
    }

    /** The class behind a service that is a component. */
    Optional<Class<?>> implementation(ServiceReference<?> plugin) {
        return new Components(context).implementation(plugin);
    }

    private List<String> reasons(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.INSTALLED ->
                new Needs(context.getBundles(), Boolean.parseBoolean(context.getProperty("kolotoc.debug"))).of(bundle);
            case Bundle.ACTIVE -> new Components(context).troubles(bundle);
            case Bundle.STARTING ->
                isLazy(bundle)
                        ? new Components(context).troubles(bundle)
                        : List.of("its start has not come to an end", "do: look at what its activator waits for");
            case Bundle.UNINSTALLED -> List.of("do: install it again");
            default -> List.of("it was not started; its activator may have failed: --debug shows that");
        };
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
