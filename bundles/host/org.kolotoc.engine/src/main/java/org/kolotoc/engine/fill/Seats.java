package org.kolotoc.engine.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Plugin;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Versions;
import org.kolotoc.engine.need.Explainer;
import org.kolotoc.engine.need.Reason;
import org.kolotoc.engine.need.Shelves;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleRevision;

/** What is plugged in: read from manifests without running any plugin's code, and filled from the service registry. */
public final class Seats {
    private final BundleContext context;
    private final Explainer explainer;
    private final Catalogue catalogue;
    private final Predicate<Bundle> going;
    private final Leases leases;

    public Seats(BundleContext context) {
        this(context, _ -> false);
    }

    /** @param going tells bundles that fill no seat but those they were chosen for */
    public Seats(BundleContext context, Predicate<Bundle> going) {
        this(context, going, Leases.free());
    }

    private Seats(BundleContext context, Predicate<Bundle> going, Leases leases) {
        this.context = context;
        this.explainer = new Explainer(context);
        this.catalogue = new Catalogue(context, explainer);
        this.going = going;
        this.leases = leases;
    }

    private <T> List<T> choose(SeatName seat, List<T> candidates, Function<T, Bundle> bundle) {
        return leases.choose(seat, candidates, bundle, going);
    }

    /** The same, filled as leases say, which then know what was handed out. */
    public Seats leased(Leases to) {
        return new Seats(context, going, to);
    }

    /**
     * A plugin that is installed.
     *
     * @param state {@code ready}, {@code unresolved} (its bundle lacks something), {@code stopped}, {@code broken} (it
     *     runs, but offers no plugin of that kind and id)
     * @param byDefault whether it fills its seat where no version is said; false where nobody looked
     * @param trouble why it is not ready, in a few lines; empty where it is, or where nobody looked
     */
    public record Installed(
            String kind,
            String id,
            String version,
            String bundle,
            String state,
            boolean byDefault,
            String summary,
            List<String> trouble) {
        Installed filling() {
            return new Installed(kind, id, version, bundle, state, true, summary, trouble);
        }
    }

    /** Every installed plugin, by kind and id. */
    public List<Installed> installed() {
        return catalogue.candidates().stream().map(Catalogue.Candidate::plugin).toList();
    }

    /** The same, looked at more closely: classes are loaded, and why one is not ready is told. No plugin runs for it. */
    public List<Installed> examined() {
        return examination().stream().map(Examined::plugin).toList();
    }

    /**
     * An installed plugin, looked at closely.
     *
     * @param bundle it is in
     * @param lacks what keeps it from being used; empty where it is ready
     */
    public record Examined(Installed plugin, Bundle bundle, List<Reason> lacks) {
        private SeatName seat() {
            return new SeatName(plugin.kind(), plugin.id());
        }
    }

    /** What {@link #examined} says, with the reasons as a tree. */
    public List<Examined> examination() {
        List<Examined> all =
                catalogue.candidates().stream().map(catalogue::examined).toList();
        return all.stream()
                .map(one -> filling(one.seat(), all).equals(List.of(one))
                        ? new Examined(one.plugin().filling(), one.bundle(), one.lacks())
                        : one)
                .toList();
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
        SeatName seat = new SeatName(plugin.kind(), plugin.id());
        ServiceReference<?> reference = choose(
                        seat, catalogue.references(seat.kind(), seat.id()), ServiceReference::getBundle)
                .getFirst();
        return settings(Catalogue.kind(reference, plugin.kind()).orElseThrow().type(), seat);
    }

    /**
     * The settings record of a plugin, from its class; a plugin whose class does not tell is made and asked.
     *
     * @param type of the seat, an interface that is a kind
     * @throws InputError when there is none
     * @throws PluginFailure when it has a field that the kind of seat keeps for itself
     */
    public Class<? extends Record> settings(Class<?> type, String id) {
        return settings(type, new SeatName(Kind.required(type).name(), id));
    }

    private Class<? extends Record> settings(Class<?> type, SeatName seat) {
        Kind kind = Kind.required(type);
        for (ServiceReference<?> reference :
                choose(seat, catalogue.references(seat.kind(), seat.id()), ServiceReference::getBundle)) {
            Optional<Class<? extends Record>> told =
                    explainer.implementation(reference).flatMap(Settings::of);
            if (told.isPresent()) {
                return checked(kind, told.get(), occupant(seat, reference));
            }
        }
        Plugged<?> plugged = get(type, seat);
        return settings((Plugin<?>) plugged.plugin(), plugged.occupant());
    }

    /**
     * A plugin and what it is told.
     *
     * @param settings its settings record
     */
    public record Described(Occupant occupant, Class<? extends Record> settings) {}

    /** The plugin that would fill a seat; nothing where there is none, or more than one. */
    public Optional<Described> described(Class<?> type, String id, Versions versions) {
        try {
            Plugged<?> found = get(type, new SeatName(Kind.required(type).name(), id, versions));
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

    private Occupant occupant(SeatName seat, ServiceReference<?> reference) {
        return new Occupant(seat.kind(), seat.id(), new PluginBundle(reference.getBundle(), bundles()));
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

    /**
     * The plugin that fills a seat: of several versions of one bundle the highest, unless it is leased.
     *
     * @param type of the seat, an interface that is a kind
     * @throws InputError when there is none (with what is missing, if its bundle is there) or more than one
     */
    public <T> Plugged<T> get(Class<T> type, String id) {
        return get(type, new SeatName(Kind.required(type).name(), id));
    }

    /** The same for a seat that not every version may fill. */
    <T> Plugged<T> get(Class<T> type, SeatName seat) {
        List<ServiceReference<?>> found = choose(
                seat,
                catalogue.references(seat.kind(), seat.id()).stream()
                        .filter(reference -> Catalogue.interfaces(reference).anyMatch(type::isAssignableFrom))
                        .toList(),
                ServiceReference::getBundle);
        List<Catalogue.Candidate> declared = choose(seat, declared(seat), Catalogue.Candidate::bundle);
        if (declared.size() > 1 || found.size() > 1) {
            throw InputError.of(
                    "two bundles offer the " + seat + ": "
                            + String.join(
                                    " and ",
                                    declared.stream()
                                            .map(Catalogue.Candidate::plugin)
                                            .map(p -> p.bundle() + " " + p.version())
                                            .toList()),
                    "leave one of them out, or give one of them another id");
        }
        if (found.isEmpty()) {
            throw absent(seat, declared);
        }
        ServiceReference<?> reference = found.getFirst();
        Occupant occupant = occupant(seat, reference);
        leases.fill(seat, reference.getBundle());
        Optional<Object> plugin = occupant.soon("was made", () -> Optional.ofNullable(context.getService(reference)));
        return new Plugged<>(type.cast(plugin.orElseThrow(() -> unmade(occupant, reference))), occupant);
    }

    private PluginFailure unmade(Occupant occupant, ServiceReference<?> reference) {
        return PluginFailure.broken(
                occupant,
                Reason.of(
                                "could not be made",
                                explainer.of(reference.getBundle()).stream().toList())
                        .text(false));
    }

    /** Bundles with plugins. */
    private List<Bundle> bundles() {
        Set<Bundle> leased = leases.all();
        return Stream.concat(
                        leased.stream(), Arrays.stream(context.getBundles()).filter(bundle -> !leased.contains(bundle)))
                .filter(bundle -> {
                    BundleRevision revision = bundle.adapt(BundleRevision.class);
                    return revision != null
                            && !revision.getDeclaredCapabilities(Seat.NAMESPACE).isEmpty();
                })
                .toList();
    }

    /**
     * Why nothing fills a seat: what keeps the one from being used that declares to, else what there is instead, and who
     * has it.
     */
    public Reason absence(SeatName seat) {
        return absence(seat, choose(seat, declared(seat), Catalogue.Candidate::bundle));
    }

    /** Bundles that say that they fill a seat, in whatever version, and are to stay. */
    private List<Catalogue.Candidate> declared(SeatName seat) {
        return catalogue.candidates().stream()
                .filter(candidate -> candidate.plugin().kind().equals(seat.kind())
                        && candidate.plugin().id().equals(seat.id())
                        && !going.test(candidate.bundle()))
                .toList();
    }

    /** Whether a bundle says that it fills a seat, whether or not it can be used. */
    boolean isDeclared(SeatName seat) {
        return declared(seat).stream()
                .anyMatch(candidate -> seat.versions().has(candidate.bundle().getVersion()));
    }

    private Reason absence(SeatName seat, List<Catalogue.Candidate> declared) {
        if (!declared.isEmpty()) {
            return Reason.of(
                    "the " + seat + " is not available",
                    declared.stream().map(catalogue::whyNot).toList());
        }
        return isDeclared(seat.ofAnyVersion()) ? otherVersions(seat) : unknown(seat.kind(), seat.id());
    }

    /** None of those that are there will do. */
    private Reason otherVersions(SeatName seat) {
        List<Catalogue.Candidate> there = declared(seat);
        List<Shelves.Offer> offers = new Shelves(context).offering(seat.kind(), seat.id(), seat.versions());
        Version highest = there.stream()
                .map(candidate -> candidate.bundle().getVersion())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return new Reason(
                "no version \"" + seat.versions() + "\" of the " + seat.ofAnyVersion() + " is plugged in; there "
                        + (there.size() == 1 ? "is " : "are ")
                        + String.join(
                                ", ",
                                there.stream()
                                        .map(Catalogue.Candidate::plugin)
                                        .map(plugin -> plugin.bundle() + " " + plugin.version())
                                        .toList()),
                offers.stream().map(offer -> Reason.of(offer + " has it")).toList(),
                offers.stream()
                        .map(Shelves.Offer::command)
                        .findFirst()
                        .orElse("plug one in: --plugin <file.jar>; or take one that is there: \"" + Versions.FIELD
                                + "\": \"" + highest + "\""),
                "");
    }

    private Reason unknown(String kind, String id) {
        List<Installed> all = installed();
        List<String> known = all.stream()
                .filter(plugin -> plugin.kind().equals(kind))
                .map(Installed::id)
                .distinct()
                .toList();
        List<Reason> besides = new ArrayList<>();
        all.stream()
                .filter(plugin -> plugin.id().equals(id))
                .forEach(plugin -> besides.add(Reason.of("there is a " + plugin.kind() + " of that id, in the bundle "
                        + plugin.bundle() + " " + plugin.version())));
        List<Shelves.Offer> offers = new Shelves(context).offering(kind, id, Versions.ANY);
        offers.forEach(offer -> besides.add(Reason.of(offer + " has it")));
        return new Reason(
                "there is no " + kind + " '" + id + "'" + Nearest.hint(id, known) + " (installed: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)) + ")",
                besides,
                offers.stream()
                        .map(Shelves.Offer::command)
                        .findFirst()
                        .orElse("./kolotoc list shows what is plugged in; --plugin <file.jar> adds a bundle"),
                "");
    }

    private InputError absent(SeatName seat, List<Catalogue.Candidate> declared) {
        Reason absence = absence(seat, declared);
        return InputError.of(
                Reason.of(absence.what(), absence.because()).text(false),
                absence.next().isEmpty() ? "mend that, or take the plugin out" : absence.next());
    }

    /**
     * Those of some plugins that would fill a seat: of several versions of one bundle the highest; more than one where
     * nobody can tell which.
     */
    public List<Examined> filling(SeatName seat, List<Examined> plugins) {
        return choose(
                seat,
                plugins.stream()
                        .filter(other -> other.lacks().isEmpty()
                                && other.plugin().kind().equals(seat.kind())
                                && other.plugin().id().equals(seat.id()))
                        .toList(),
                Examined::bundle);
    }

    /**
     * The plugin that fills a seat, by the name of the kind.
     *
     * @throws InputError as {@link #get(Class, String)}
     */
    public Plugged<?> get(SeatName seat) {
        return catalogue.references(seat.kind(), seat.id()).stream()
                .flatMap(reference -> Catalogue.kind(reference, seat.kind()).stream())
                .findFirst()
                .map(found -> (Plugged<?>) get(found.type(), seat))
                .orElseThrow(() -> absent(seat, List.of()));
    }
}
