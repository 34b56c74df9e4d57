package org.kolotoc.engine.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.engine.need.Explainer;
import org.kolotoc.engine.need.Reason;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;

/** What the manifests of all bundles declare, and what the service registry has of it. No plugin runs for it. */
record Catalogue(BundleContext context, Explainer explainer) {
    private static final String ID = Seat.PREFIX_ + "id";
    private static final String KIND = Seat.PREFIX_ + "kind";

    /** An installed plugin and the bundle that it is in. */
    record Candidate(Seats.Installed plugin, Bundle bundle) {
        private Seats.Examined examined(String state, List<Reason> lacks) {
            List<String> lines =
                    lacks.stream().flatMap(lack -> lack.lines(false).stream()).toList();
            return new Seats.Examined(
                    new Seats.Installed(
                            plugin.kind(),
                            plugin.id(),
                            plugin.version(),
                            plugin.bundle(),
                            state,
                            plugin.byDefault(),
                            plugin.summary(),
                            lines),
                    bundle,
                    lacks);
        }
    }

    /** Every installed plugin, by kind, id and version. */
    List<Candidate> candidates() {
        List<Candidate> plugins = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision == null) {
                continue;
            }
            for (var capability : revision.getDeclaredCapabilities(Seat.NAMESPACE)) {
                Map<String, Object> attributes = capability.getAttributes();
                String kind = text(attributes.get("kind"));
                String id = text(attributes.get("id"));
                Seats.Installed plugin = new Seats.Installed(
                        kind,
                        id,
                        bundle.getVersion().toString(),
                        bundle.getSymbolicName(),
                        state(bundle, kind, id),
                        false,
                        // The framework hands quotes in a manifest on as they are written there.
                        text(attributes.get("summary")).replace("\\\"", "\""),
                        List.of());
                plugins.add(new Candidate(plugin, bundle));
            }
        }
        plugins.sort(
                Comparator.comparing((Candidate candidate) -> candidate.plugin().kind())
                        .thenComparing(candidate -> candidate.plugin().id())
                        .thenComparing(candidate -> candidate.bundle().getVersion()));
        return plugins;
    }

    private String state(Bundle bundle, String kind, String id) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE, Bundle.STARTING ->
                references(bundle, kind, id)
                                .anyMatch(reference -> kind(reference, kind).isPresent())
                        ? "ready"
                        : "broken";
            case Bundle.INSTALLED -> "unresolved";
            default -> "stopped";
        };
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    /** The same, looked at more closely: classes are loaded, and why one is not ready is told. */
    Seats.Examined examined(Candidate candidate) {
        Seats.Installed plugin = candidate.plugin();
        if (!plugin.state().equals("ready")) {
            return candidate.examined(plugin.state(), List.of(whyNot(candidate)));
        }
        List<Reason> lacks = references(candidate.bundle(), plugin.kind(), plugin.id())
                .flatMap(reference ->
                        Stream.concat(explainer.of(reference).stream(), fault(reference, plugin.kind()).stream()))
                .toList();
        return candidate.examined(lacks.isEmpty() ? plugin.state() : "broken", lacks);
    }

    /** What is wrong with the settings of the plugin behind a service, as far as its class tells. */
    private Optional<Reason> fault(ServiceReference<?> reference, String name) {
        return kind(reference, name)
                .flatMap(kind -> explainer
                        .implementation(reference)
                        .flatMap(Settings::of)
                        .flatMap(kind::fault)
                        .map(fault -> Reason.of(
                                "bundle " + new PluginBundle(reference.getBundle(), List.of()) + " " + fault)));
    }

    /** What keeps a plugin from being used that is not ready. */
    Reason whyNot(Candidate candidate) {
        return explainer.of(candidate.bundle()).orElseGet(() -> unoffered(candidate));
    }

    /** What a bundle offers that runs, in the place of what it declares. */
    private Reason unoffered(Candidate candidate) {
        Seats.Installed plugin = candidate.plugin();
        String bundle = "bundle " + plugin.bundle() + " " + plugin.version();
        Set<String> offered = new TreeSet<>();
        references(candidate.bundle(), plugin.kind(), plugin.id())
                .flatMap(Catalogue::interfaces)
                .forEach(type -> {
                    List<String> kinds = Kind.among(type).map(Kind::name).toList();
                    offered.add(type.getName() + (kinds.isEmpty() ? "" : ", of the kind " + String.join(", ", kinds)));
                });
        return Reason.of(
                offered.isEmpty()
                        ? bundle + " runs, but none of its components is a " + plugin.kind()
                        : bundle + " offers a " + String.join(" and a ", offered)
                                + "; expected the interface of the kind '" + plugin.kind()
                                + "', which is marked @SeatKind(\"" + plugin.kind() + "\")");
    }

    /** Services of a kind and id, whatever interface they are offered as. */
    List<ServiceReference<?>> references(String kind, String id) {
        try {
            ServiceReference<?>[] found = context.getServiceReferences(
                    (String) null, "(&(" + KIND + "=" + escaped(kind) + ")(" + ID + "=" + escaped(id) + "))");
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those of one bundle. */
    private Stream<ServiceReference<?>> references(Bundle bundle, String kind, String id) {
        return references(kind, id).stream().filter(reference -> bundle.equals(reference.getBundle()));
    }

    private static String escaped(String value) {
        return value.replaceAll("([\\\\()*])", "\\\\$1");
    }

    /** The kind of that name that a service is offered as. */
    static Optional<Kind> kind(ServiceReference<?> reference, String name) {
        return interfaces(reference)
                .flatMap(Kind::among)
                .filter(kind -> kind.name().equals(name))
                .findFirst();
    }

    /** What a service is offered as. */
    static Stream<Class<?>> interfaces(ServiceReference<?> reference) {
        return Arrays.stream((String[]) reference.getProperty(Constants.OBJECTCLASS))
                .flatMap(type -> {
                    try {
                        return Stream.of(reference.getBundle().loadClass(type));
                    } catch (ClassNotFoundException | LinkageError _) {
                        return Stream.empty();
                    }
                });
    }
}
