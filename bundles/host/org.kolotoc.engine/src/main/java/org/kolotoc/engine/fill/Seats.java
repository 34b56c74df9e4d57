package org.kolotoc.engine.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Plugin;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.engine.experiment.Nearest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;

/** What is plugged in: read from manifests without running any plugin's code, and filled from the service registry. */
public final class Seats {
    private static final String ID = Seat.PREFIX_ + "id";
    private static final String KIND = Seat.PREFIX_ + "kind";

    private final BundleContext context;
    private final Explainer explainer;
    private final Leases leases;

    public Seats(BundleContext context) {
        this(context, Leases.free());
    }

    private Seats(BundleContext context, Leases leases) {
        this.context = context;
        this.explainer = new Explainer(context);
        this.leases = leases;
    }

    /** The same, filled as leases say, which then know what was handed out. */
    public Seats leased(Leases to) {
        return new Seats(context, to);
    }

    /**
     * A plugin that is installed.
     *
     * @param state {@code ready}, {@code unresolved} (its bundle lacks something), {@code stopped}, {@code broken} (it
     *     runs, but offers no plugin of that kind and id)
     * @param trouble why it is not ready, in a few lines; empty where it is, or where nobody looked
     */
    public record Installed(
            String kind, String id, String version, String bundle, String state, String summary, List<String> trouble) {
        private Installed with(String other, List<String> why) {
            return new Installed(kind, id, version, bundle, other, summary, why);
        }
    }

    /** An installed plugin and the bundle that it is in. */
    private record Candidate(Installed plugin, Bundle bundle) {}

    /** Every installed plugin, by kind and id. */
    public List<Installed> installed() {
        return candidates().stream().map(Candidate::plugin).toList();
    }

    /** The same, looked at more closely: classes are loaded, and why one is not ready is told. No plugin runs for it. */
    public List<Installed> examined() {
        return candidates().stream().map(this::examined).toList();
    }

    private Installed examined(Candidate candidate) {
        Installed plugin = candidate.plugin();
        if (!plugin.state().equals("ready")) {
            return plugin.with(plugin.state(), whyNot(candidate));
        }
        List<String> trouble = references(plugin.kind(), plugin.id()).stream()
                .flatMap(reference ->
                        Stream.concat(explainer.of(reference).stream(), fault(reference, plugin.kind()).stream()))
                .toList();
        return trouble.isEmpty() ? plugin : plugin.with("broken", trouble);
    }

    /** What is wrong with the settings of the plugin behind a service, as far as its class tells. */
    private Optional<String> fault(ServiceReference<?> reference, String name) {
        return kind(reference, name)
                .flatMap(kind -> explainer
                        .implementation(reference)
                        .flatMap(Settings::of)
                        .flatMap(kind::fault)
                        .map(fault -> "bundle " + new PluginBundle(reference.getBundle(), List.of()) + " " + fault));
    }

    private List<String> whyNot(Candidate candidate) {
        List<String> reasons = explainer.of(candidate.bundle());
        if (!reasons.isEmpty()) {
            return reasons;
        }
        Installed plugin = candidate.plugin();
        String bundle = "bundle " + plugin.bundle() + " " + plugin.version();
        Set<String> offered = new TreeSet<>();
        references(plugin.kind(), plugin.id()).stream()
                .flatMap(Seats::interfaces)
                .forEach(type -> {
                    List<String> kinds = Kind.among(type).map(Kind::name).toList();
                    offered.add(type.getName() + (kinds.isEmpty() ? "" : ", of the kind " + String.join(", ", kinds)));
                });
        return List.of(
                offered.isEmpty()
                        ? bundle + " runs, but none of its components is a " + plugin.kind()
                        : bundle + " offers a " + String.join(" and a ", offered)
                                + "; expected the interface of the kind '" + plugin.kind()
                                + "', which is marked @SeatKind(\"" + plugin.kind() + "\")");
    }

    private List<Candidate> candidates() {
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
                Installed plugin = new Installed(
                        kind,
                        id,
                        bundle.getVersion().toString(),
                        bundle.getSymbolicName(),
                        state(bundle, kind, id),
                        // The framework hands quotes in a manifest on as they are written there.
                        text(attributes.get("summary")).replace("\\\"", "\""),
                        List.of());
                plugins.add(new Candidate(plugin, bundle));
            }
        }
        plugins.sort(
                Comparator.comparing((Candidate candidate) -> candidate.plugin().kind())
                        .thenComparing(candidate -> candidate.plugin().id()));
        return plugins;
    }

    /**
     * What fills a seat.
     *
     * @param plugin the service
     */
    public record Plugged<T>(T plugin, Occupant occupant) {}

    /**
     * Settings records of all plugins that are ready, by kind, then by id, from their classes; a plugin whose class does
     * not tell is made and asked.
     *
     * @param leftOut hears of plugins that are not ready or fail or hang
     */
    public Map<String, Map<String, Class<? extends Record>>> settings(Consumer<String> leftOut) {
        Map<String, Map<String, Class<? extends Record>>> settings = new TreeMap<>();
        for (Installed plugin : examined()) {
            if (!plugin.state().equals("ready")) {
                leftOut.accept("the " + plugin.kind() + " '" + plugin.id() + "' is " + plugin.state() + "\n  "
                        + String.join("\n  ", plugin.trouble()));
            } else {
                try {
                    settings.computeIfAbsent(plugin.kind(), _ -> new TreeMap<>())
                            .put(plugin.id(), settings(plugin));
                } catch (PluginFailure | InputError e) {
                    leftOut.accept(e.getMessage());
                }
            }
        }
        return settings;
    }

    private Class<? extends Record> settings(Installed plugin) {
        ServiceReference<?> reference = references(plugin.kind(), plugin.id()).getFirst();
        return settings(kind(reference, plugin.kind()).orElseThrow().type(), plugin.id());
    }

    /**
     * The settings record of a plugin, from its class; a plugin whose class does not tell is made and asked.
     *
     * @param type of the seat, an interface that is a kind
     * @throws InputError when there is none
     * @throws PluginFailure when it has a field that the kind of seat keeps for itself
     */
    public Class<? extends Record> settings(Class<?> type, String id) {
        Kind kind = Kind.required(type);
        for (ServiceReference<?> reference : references(kind.name(), id)) {
            Optional<Class<? extends Record>> told =
                    explainer.implementation(reference).flatMap(Settings::of);
            if (told.isPresent()) {
                return checked(kind, told.get(), occupant(kind.name(), id, reference));
            }
        }
        Plugged<?> seat = get(type, id);
        return settings((Plugin<?>) seat.plugin(), seat.occupant());
    }

    /**
     * A plugin and what it is told.
     *
     * @param settings its settings record
     */
    public record Described(Occupant occupant, Class<? extends Record> settings) {}

    /** The plugin that would fill a seat; nothing where there is none, or more than one. */
    public Optional<Described> described(Class<?> type, String id) {
        try {
            Plugged<?> found = get(type, id);
            return Optional.of(new Described(found.occupant(), settings((Plugin<?>) found.plugin(), found.occupant())));
        } catch (InputError _) {
            return Optional.empty();
        }
    }

    private static <S extends Record> Class<S> checked(Kind kind, Class<S> settings, Occupant occupant) {
        kind.fault(settings).ifPresent(fault -> {
            throw PluginFailure.broken(occupant, fault);
        });
        return settings;
    }

    private Occupant occupant(String kind, String id, ServiceReference<?> reference) {
        return new Occupant(kind, id, new PluginBundle(reference.getBundle(), bundles()));
    }

    /**
     * The settings record of a plugin.
     *
     * @throws PluginFailure when it has a field that the kind of seat keeps for itself
     */
    static <S extends Record> Class<S> settings(Plugin<S> plugin, Occupant occupant) {
        Class<S> type = occupant.soon("said which settings it takes", plugin::settings);
        return Kind.among(plugin.getClass())
                .filter(kind -> kind.name().equals(occupant.kind()))
                .findFirst()
                .map(kind -> checked(kind, type, occupant))
                .orElse(type);
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    private String state(Bundle bundle, String kind, String id) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE, Bundle.STARTING ->
                references(kind, id).stream()
                                .anyMatch(reference -> kind(reference, kind).isPresent())
                        ? "ready"
                        : "broken";
            case Bundle.INSTALLED -> "unresolved";
            default -> "stopped";
        };
    }

    /** The kind of that name that a service is offered as. */
    private static Optional<Kind> kind(ServiceReference<?> reference, String name) {
        return interfaces(reference)
                .flatMap(Kind::among)
                .filter(kind -> kind.name().equals(name))
                .findFirst();
    }

    /** What a service is offered as. */
    private static Stream<Class<?>> interfaces(ServiceReference<?> reference) {
        return Arrays.stream((String[]) reference.getProperty(Constants.OBJECTCLASS))
                .flatMap(type -> {
                    try {
                        return Stream.of(reference.getBundle().loadClass(type));
                    } catch (ClassNotFoundException | LinkageError _) {
                        return Stream.empty();
                    }
                });
    }

    /**
     * The plugin that fills a seat: of several versions of one bundle the highest, unless it is leased.
     *
     * @param type of the seat, an interface that is a kind
     * @throws InputError when there is none (with what is missing, if its bundle is there) or more than one
     */
    public <T> Plugged<T> get(Class<T> type, String id) {
        String kind = Kind.required(type).name();
        SeatName seat = new SeatName(kind, id);
        List<ServiceReference<?>> found = leases.choose(
                seat,
                references(kind, id).stream()
                        .filter(reference -> interfaces(reference).anyMatch(type::isAssignableFrom))
                        .toList(),
                ServiceReference::getBundle);
        List<Candidate> declared = leases.choose(
                seat,
                candidates().stream()
                        .filter(candidate -> candidate.plugin().kind().equals(kind)
                                && candidate.plugin().id().equals(id))
                        .toList(),
                Candidate::bundle);
        if (declared.size() > 1 || found.size() > 1) {
            throw InputError.of(
                    "two bundles offer the " + kind + " '" + id + "': "
                            + String.join(
                                    " and ",
                                    declared.stream()
                                            .map(Candidate::plugin)
                                            .map(p -> p.bundle() + " " + p.version())
                                            .toList()),
                    "leave one of them out, or give one of them another id");
        }
        if (found.isEmpty()) {
            throw absent(kind, id, declared);
        }
        ServiceReference<?> reference = found.getFirst();
        Occupant occupant = occupant(kind, id, reference);
        leases.fill(seat, reference.getBundle());
        Optional<Object> plugin = occupant.soon("was made", () -> Optional.ofNullable(context.getService(reference)));
        return new Plugged<>(
                type.cast(plugin.orElseThrow(() -> PluginFailure.broken(
                        occupant, "could not be made\n  " + String.join("\n  ", explainer.of(reference.getBundle()))))),
                occupant);
    }

    /** Bundles with plugins. */
    private List<Bundle> bundles() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> {
                    BundleRevision revision = bundle.adapt(BundleRevision.class);
                    return revision != null
                            && !revision.getDeclaredCapabilities(Seat.NAMESPACE).isEmpty();
                })
                .toList();
    }

    /** Services of a kind and id, whatever interface they are offered as. */
    private List<ServiceReference<?>> references(String kind, String id) {
        try {
            ServiceReference<?>[] found = context.getServiceReferences(
                    (String) null, "(&(" + KIND + "=" + escaped(kind) + ")(" + ID + "=" + escaped(id) + "))");
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String escaped(String value) {
        return value.replaceAll("([\\\\()*])", "\\\\$1");
    }

    private InputError absent(String kind, String id, List<Candidate> declared) {
        if (!declared.isEmpty()) {
            return InputError.of(
                    "the " + kind + " '" + id + "' is not available\n  "
                            + String.join("\n  ", whyNot(declared.getFirst())),
                    "mend that, or take the plugin out");
        }
        List<String> known = installed().stream()
                .filter(plugin -> plugin.kind().equals(kind))
                .map(Installed::id)
                .toList();
        return InputError.of(
                "there is no " + kind + " '" + id + "'" + Nearest.hint(id, known) + " (installed: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)) + ")",
                "./kolotoc list shows what is plugged in; --plugin <file.jar> adds a bundle");
    }
}
