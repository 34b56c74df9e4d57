package org.kolotoc.engine.seat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Plugin;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.Nearest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;

/** What is plugged in: read from manifests without running any plugin's code, and filled from the service registry. */
public final class Seats {
    private static final String ID = Seat.PREFIX_ + "id";
    private static final String KIND = Seat.PREFIX_ + "kind";
    private static final Map<String, Class<?>> TYPES = Map.of(
            Seat.DATA, DataSource.class,
            Seat.TOKENIZER, TokenizerFamily.class,
            Seat.MODEL, ModelFamily.class,
            Seat.PHASE, Phase.class,
            Seat.METRIC, Metric.class,
            Seat.DECODER, Decoder.class);

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
        List<String> trouble = TYPES.containsKey(plugin.kind())
                ? references(plugin.kind(), plugin.id(), TYPES.get(plugin.kind())).stream()
                        .flatMap(reference -> explainer.of(reference).stream())
                        .toList()
                : List.of();
        return trouble.isEmpty() ? plugin : plugin.with("broken", trouble);
    }

    private List<String> whyNot(Candidate candidate) {
        List<String> reasons = explainer.of(candidate.bundle());
        return reasons.isEmpty()
                ? List.of("bundle " + candidate.plugin().bundle() + " "
                        + candidate.plugin().version() + " runs, but none of its components is a "
                        + TYPES.get(candidate.plugin().kind()).getName())
                : reasons;
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
            } else if (TYPES.containsKey(plugin.kind())) {
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
        Class<?> type = TYPES.get(plugin.kind());
        return references(plugin.kind(), plugin.id(), type).stream()
                .flatMap(reference -> explainer.implementation(reference).stream())
                .findFirst()
                .flatMap(SettingsType::of)
                .orElseGet(() -> {
                    Plugged<?> seat = get(plugin.kind(), plugin.id(), type);
                    return settings((Plugin<?>) seat.plugin(), seat.occupant());
                });
    }

    /** The settings record of a plugin. */
    static <S extends Record> Class<S> settings(Plugin<S> plugin, Occupant occupant) {
        return occupant.soon("said which settings it takes", plugin::settings);
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    private String state(Bundle bundle, String kind, String id) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE, Bundle.STARTING ->
                TYPES.containsKey(kind) && references(kind, id, TYPES.get(kind)).isEmpty() ? "broken" : "ready";
            case Bundle.INSTALLED -> "unresolved";
            default -> "stopped";
        };
    }

    /**
     * The plugin of a kind and id: of several versions of one bundle the highest, unless it is leased.
     *
     * @throws InputError when there is none (with what is missing, if its bundle is there) or more than one
     */
    public <T> Plugged<T> get(String kind, String id, Class<T> type) {
        SeatName seat = new SeatName(kind, id);
        List<ServiceReference<T>> found = leases.choose(seat, references(kind, id, type), ServiceReference::getBundle);
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
        ServiceReference<T> reference = found.getFirst();
        Occupant occupant = new Occupant(kind, id, new PluginBundle(reference.getBundle(), bundles()));
        leases.fill(seat, reference.getBundle());
        Optional<T> plugin = occupant.soon("was made", () -> Optional.ofNullable(context.getService(reference)));
        return new Plugged<>(
                plugin.orElseThrow(() -> PluginFailure.broken(
                        occupant, "could not be made\n  " + String.join("\n  ", explainer.of(reference.getBundle())))),
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

    private <T> List<ServiceReference<T>> references(String kind, String id, Class<T> type) {
        try {
            return List.copyOf(context.getServiceReferences(
                    type, "(&(" + KIND + "=" + escaped(kind) + ")(" + ID + "=" + escaped(id) + "))"));
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
