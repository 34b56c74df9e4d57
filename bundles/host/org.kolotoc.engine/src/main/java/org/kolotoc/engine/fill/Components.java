package org.kolotoc.engine.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.kolotoc.engine.experiment.Printable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
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

    /** A line for each thing that is wrong with a bundle's components; empty when nothing is. */
    List<String> troubles(Bundle bundle) {
        return runtime()
                .map(runtime -> troubles(bundle, runtime))
                .orElseGet(() -> List.of("nothing makes its components: no service component runtime is installed"));
    }

    /** What is wrong with the component behind a service: with its class, or with an attempt to make it. */
    List<String> troubles(ServiceReference<?> plugin) {
        List<String> lines = new ArrayList<>();
        description(plugin).ifPresent(component -> {
            Bundle bundle = plugin.getBundle();
            runtime().stream()
                    .flatMap(runtime -> runtime.getComponentConfigurationDTOs(component).stream())
                    .forEach(configuration -> lines.addAll(troubles(bundle, component, configuration)));
            lines.addAll(troubles(bundle, component));
        });
        return lines;
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

    private static List<String> troubles(Bundle bundle, ServiceComponentRuntime runtime) {
        Collection<ComponentDescriptionDTO> components = runtime.getComponentDescriptionDTOs(bundle);
        if (components.isEmpty()) {
            return List.of(
                    "it declares a seat, but no component that could fill it: its manifest has no Service-Component",
                    "do: mark the class with @Component and build the bundle with bnd-maven-plugin, as those in"
                            + " examples/");
        }
        List<String> lines = new ArrayList<>();
        for (ComponentDescriptionDTO component : components) {
            Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
            if (!runtime.isComponentEnabled(component)) {
                lines.add("its component " + component.name + " is disabled");
            } else if (configurations.isEmpty()) {
                lines.add("its component " + component.name + " waits for a configuration");
            }
            configurations.forEach(configuration -> lines.addAll(troubles(bundle, component, configuration)));
            lines.addAll(troubles(bundle, component));
        }
        return lines;
    }

    private static List<String> troubles(
            Bundle bundle, ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        return switch (configuration.state) {
            case ComponentConfigurationDTO.FAILED_ACTIVATION -> failed(bundle, component, configuration.failure);
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
                Arrays.stream(configuration.unsatisfiedReferences)
                        .map(missing -> "its component " + component.name + " waits for a service "
                                + wanted(component, missing))
                        .toList();
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
                List.of("its component " + component.name + " waits for a configuration");
            default -> List.of();
        };
    }

    /** What is wrong with a component's class: it is loaded, and not more. */
    private static List<String> troubles(Bundle bundle, ComponentDescriptionDTO component) {
        try {
            Class<?> type = bundle.loadClass(component.implementationClass);
            List<String> lines = new ArrayList<>();
            for (String service : component.serviceInterfaces) {
                Class<?> offered = bundle.loadClass(service);
                if (isCopy(offered)) {
                    lines.add("its component " + component.name + " is a " + service
                            + " of a copy of its own, which nobody else knows");
                    lines.add("do: import the package instead of packing it into the jar, as those in examples/ do");
                } else if (!offered.isAssignableFrom(type)) {
                    lines.add("its component " + component.name + " is said to be a " + service + ", but its class "
                            + type.getName() + " is none");
                }
            }
            return lines;
        } catch (ClassNotFoundException | LinkageError e) {
            return List.of(
                    "its component " + component.name + " can't be loaded: " + Printable.cut(e.toString(), SHOWN),
                    "do: " + advice(e));
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

    private static String wanted(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO missing) {
        String type = Arrays.stream(component.references)
                .filter(reference -> reference.name.equals(missing.name))
                .map(reference -> reference.interfaceName)
                .findFirst()
                .orElse(missing.name);
        return type + (missing.target == null ? "" : " with " + missing.target) + ", which nobody offers";
    }

    /** What its constructor or a method of it threw: the last cause, and the first line of the bundle's own. */
    private static List<String> failed(Bundle bundle, ComponentDescriptionDTO component, String stack) {
        List<String> lines =
                stack == null ? List.of() : stack.lines().map(String::strip).toList();
        String cause = lines.stream()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((_, last) -> last)
                .map(line -> line.substring("Caused by: ".length()))
                .orElse(lines.isEmpty() ? "nothing more is known" : lines.getFirst());
        List<String> told = new ArrayList<>();
        told.add("its component " + component.name + " could not be made: " + Printable.cut(cause, SHOWN));
        lines.stream()
                .filter(line -> line.startsWith("at ") && line.indexOf('(') > 0 && owns(bundle, line))
                .findFirst()
                .ifPresent(line -> told.add(Printable.cut(line, SHOWN)));
        return told;
    }

    /** Of {@code at hello//hello.HelloPhase.<init>(HelloPhase.java:12)}. */
    private static boolean owns(Bundle bundle, String line) {
        String method = line.substring(line.lastIndexOf('/', line.indexOf('(')) + 1, line.indexOf('('))
                .replaceFirst("^at ", "");
        int dot = method.lastIndexOf('.');
        return dot > 0 && bundle.getEntry(method.substring(0, dot).replace('.', '/') + ".class") != null;
    }
}
