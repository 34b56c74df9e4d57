package org.kolotoc.engine.seat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
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
        if (reasons.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " is " + state(bundle));
        reasons.forEach(reason -> lines.add("  " + reason));
        lines.add("  from " + bundle.getLocation());
        return lines;
    }

    private List<String> reasons(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.INSTALLED ->
                new Needs(context.getBundles(), Boolean.parseBoolean(context.getProperty("kolotoc.debug"))).of(bundle);
            case Bundle.ACTIVE, Bundle.STARTING -> new Components(context).troubles(bundle);
            case Bundle.UNINSTALLED -> List.of("do: install it again");
            default -> List.of("it was not started; its activator may have failed: --debug shows that");
        };
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
