package org.kolotoc.engine.need;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.engine.experiment.Printable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/**
 * Why a bundle that runs offers no service, or one that can't be had: as the service component runtime tells it.
 *
 * @param context of whoever asks
 */
record Components(BundleContext context) {
    private static final int SHOWN = 300;
    private static final String SERVICE = "osgi.service";

    /** A reason for each thing that is wrong with a bundle's components; empty when nothing is. */
    List<Reason> troubles(Bundle bundle) {
        return runtime()
                .map(runtime -> troubles(bundle, runtime, new HashSet<>()))
                .orElseGet(() ->
                        List.of(Reason.of("nothing makes its components: no service component runtime is installed")));
    }

    /** What is wrong with the component behind a service: with its class, or with an attempt to make it. */
    List<Reason> troubles(ServiceReference<?> plugin) {
        List<Reason> reasons = new ArrayList<>();
        description(plugin).ifPresent(component -> {
            Bundle bundle = plugin.getBundle();
            runtime()
                    .ifPresent(runtime -> runtime.getComponentConfigurationDTOs(component)
                            .forEach(configuration ->
                                    reasons.addAll(troubles(bundle, component, configuration, new HashSet<>()))));
            reasons.addAll(troubles(bundle, component));
        });
        return reasons;
    }

    /** The class of the component behind a service; nothing where it is no component or can't be loaded. */
    Optional<Class<?>> implementation(ServiceReference<?> plugin) {
        return description(plugin).flatMap(component -> {
            try {
                return Optional.of(plugin.getBundle().loadClass(component.implementationClass));
            } catch (ClassNotFoundException | LinkageError _) {
                return Optional.empty();
            }
        });
    }

    private Optional<ComponentDescriptionDTO> description(ServiceReference<?> plugin) {
        return plugin.getProperty(ComponentConstants.COMPONENT_NAME) instanceof String name
                ? runtime().map(runtime -> runtime.getComponentDescriptionDTO(plugin.getBundle(), name))
                : Optional.empty();
    }

    private Optional<ServiceComponentRuntime> runtime() {
        return Optional.ofNullable(context.getServiceReference(ServiceComponentRuntime.class))
                .map(context::getService);
    }

    /** @param told bundles whose troubles are told above */
    private List<Reason> troubles(Bundle bundle, ServiceComponentRuntime runtime, Set<Bundle> told) {
        told.add(bundle);
        Collection<ComponentDescriptionDTO> components = runtime.getComponentDescriptionDTOs(bundle);
        if (components.isEmpty()) {
            return List.of(Reason.of(
                    "it declares a seat, but no component that could fill it: its manifest has no Service-Component",
                    "mark the class with @Component and build the bundle with bnd-maven-plugin, as those in"
                            + " examples/"));
        }
        List<Reason> reasons = new ArrayList<>();
        for (ComponentDescriptionDTO component : components) {
            Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
            if (!runtime.isComponentEnabled(component)) {
                reasons.add(Reason.of(
                        "its component " + component.name + " is disabled",
                        "take enabled = false out of its @Component"));
            } else if (configurations.isEmpty()) {
                reasons.add(unconfigured(component));
            }
            configurations.forEach(configuration -> reasons.addAll(troubles(bundle, component, configuration, told)));
            reasons.addAll(troubles(bundle, component));
        }
        return reasons;
    }

    private static Reason unconfigured(ComponentDescriptionDTO component) {
        return Reason.of(
                "its component " + component.name + " waits for a configuration, which nobody gives here",
                "take configurationPolicy = REQUIRE out of its @Component; what a plugin is told are its settings");
    }

    private List<Reason> troubles(
            Bundle bundle,
            ComponentDescriptionDTO component,
            ComponentConfigurationDTO configuration,
            Set<Bundle> told) {
        return switch (configuration.state) {
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                List.of(failed(bundle, component, configuration.failure));
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
                Arrays.stream(configuration.unsatisfiedReferences)
                        .map(missing -> waiting(component, missing, told))
                        .toList();
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> List.of(unconfigured(component));
            default -> List.of();
        };
    }

    private Reason waiting(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO missing, Set<Bundle> told) {
        String type = Arrays.stream(component.references)
                .filter(reference -> reference.name.equals(missing.name))
                .map(reference -> reference.interfaceName)
                .findFirst()
                .orElse(missing.name);
        List<Reason> behind = Arrays.stream(context.getBundles())
                .filter(bundle -> declares(bundle, type))
                .map(bundle -> silent(bundle, told))
                .toList();
        String who = behind.isEmpty() ? "which nobody offers" : "which nobody offers now";
        return new Reason(
                "its component " + component.name + " waits for a service " + type
                        + (missing.target == null ? "" : " with " + missing.target) + ", " + who,
                behind,
                behind.isEmpty() ? "install a bundle that offers it: --plugin <file.jar>" : "",
                missing.target == null ? "" : missing.target);
    }

    /** Whether a bundle's manifest says that it offers a service of a type. */
    private static boolean declares(Bundle bundle, String type) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null
                && revision.getDeclaredCapabilities(SERVICE).stream()
                        .anyMatch(offer -> offer.getAttributes().get(Constants.OBJECTCLASS) instanceof List<?> types
                                && types.contains(type));
    }

    /** Why a bundle that could offer a service does not. */
    private Reason silent(Bundle bundle, Set<Bundle> told) {
        String name = "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " could offer it, but ";
        if (told.contains(bundle)) {
            return Reason.of(name + "waits itself, as is told above");
        }
        return switch (bundle.getState()) {
            case Bundle.INSTALLED ->
                Reason.of(
                        name + "is not resolved",
                        new Requirements(context.getBundles(), new Shelves(context)).of(bundle));
            case Bundle.ACTIVE, Bundle.STARTING ->
                Reason.of(
                        name + "does not",
                        runtime()
                                .map(runtime -> troubles(bundle, runtime, told))
                                .orElse(List.of()));
            default -> Reason.of(name + "is stopped");
        };
    }

    /** What is wrong with a component's class: it is loaded, and not more. */
    private static List<Reason> troubles(Bundle bundle, ComponentDescriptionDTO component) {
        try {
            Class<?> type = bundle.loadClass(component.implementationClass);
            List<Reason> reasons = new ArrayList<>();
            for (String service : component.serviceInterfaces) {
                Class<?> offered = bundle.loadClass(service);
                if (isCopy(offered)) {
                    reasons.add(Reason.of(
                            "its component " + component.name + " is a " + service
                                    + " of a copy of its own, which nobody else knows",
                            "import the package instead of packing it into the jar, as those in examples/ do"));
                } else if (!offered.isAssignableFrom(type)) {
                    reasons.add(Reason.of(
                            "its component " + component.name + " is said to be a " + service + ", but its class "
                                    + type.getName() + " is none",
                            "let the class implement it, or take it out of its @Component"));
                }
            }
            return reasons;
        } catch (ClassNotFoundException | LinkageError e) {
            return List.of(Reason.of(
                    "its component " + component.name + " can't be loaded: " + Printable.cut(e.toString(), SHOWN),
                    advice(e)));
        }
    }

    /** Whether a type has the name of one that is known here, and is another. */
    private static boolean isCopy(Class<?> type) {
        try {
            return Class.forName(type.getName(), false, Components.class.getClassLoader()) != type;
        } catch (ClassNotFoundException | LinkageError _) {
            return false;
        }
    }

    private static String advice(Throwable notLoaded) {
        return notLoaded instanceof UnsupportedClassVersionError
                ? "build it for Java " + Runtime.version().feature() + ", which runs here, or run on the newer one"
                : "build it with bnd-maven-plugin, which writes Import-Package by what the classes use, as those in"
                        + " examples/";
    }

    /** What its constructor or a method of it threw: the last cause, and the first line of the bundle's own. */
    private static Reason failed(Bundle bundle, ComponentDescriptionDTO component, String stack) {
        List<String> lines =
                stack == null ? List.of() : stack.lines().map(String::strip).toList();
        String cause = lines.stream()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((_, last) -> last)
                .map(line -> line.substring("Caused by: ".length()))
                .orElse(lines.isEmpty() ? "nothing more is known" : lines.getFirst());
        List<Reason> told = lines.stream()
                .filter(line -> line.startsWith("at ") && line.indexOf('(') > 0 && owns(bundle, line))
                .findFirst()
                .map(line -> Reason.of(Printable.cut(line, SHOWN)))
                .stream()
                .toList();
        return new Reason(
                "its component " + component.name + " could not be made: " + Printable.cut(cause, SHOWN),
                told,
                "mend its constructor, or take the plugin out",
                "");
    }

    /** Of {@code at hello//hello.HelloPhase.<init>(HelloPhase.java:12)}. */
    private static boolean owns(Bundle bundle, String line) {
        String method = line.substring(line.lastIndexOf('/', line.indexOf('(')) + 1, line.indexOf('('))
                .replaceFirst("^at ", "");
        int dot = method.lastIndexOf('.');
        return dot > 0 && bundle.getEntry(method.substring(0, dot).replace('.', '/') + ".class") != null;
    }
}
