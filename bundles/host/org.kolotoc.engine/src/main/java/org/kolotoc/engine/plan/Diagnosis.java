package org.kolotoc.engine.plan;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Versions;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.need.Explainer;
import org.kolotoc.engine.need.JarManifest;
import org.kolotoc.engine.need.Reason;
import org.kolotoc.engine.need.Shelves;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Why plugins, bundles and jars can be used or can't.
 *
 * @param context of whoever asks
 */
public record Diagnosis(BundleContext context, Seats seats, InstalledBundles installed) {
    private static final String COMMAND = "command";
    private static final int SHOWN = 100;

    /**
     * Of everything that has a name.
     *
     * @param name {@code model:gpt}, {@code model:gpt:1.2} for that version alone, an id, a bundle's symbolic name with or
     *     without its version, or the file of a jar
     * @throws InputError when nothing has it; names the nearest
     */
    public List<Standing> of(String name) {
        List<Seats.Examined> all = seats.examination();
        List<Seats.Examined> named = all.stream()
                .filter(plugin -> name.equals(seat(plugin).typed())
                        || name.equals(plugin.plugin().id()))
                .toList();
        if (!named.isEmpty()) {
            return named.stream().map(plugin -> standing(plugin, all, true)).toList();
        }
        List<Standing> found = Stream.concat(
                        Arrays.stream(context.getBundles())
                                .filter(bundle -> isCalled(bundle, name))
                                .flatMap(bundle -> of(bundle, all)),
                        leftOut().filter(jar -> isFile(Path.of(jar.subject()), name)))
                .toList();
        if (!found.isEmpty()) {
            return found;
        }
        int colon = name.indexOf(':');
        if (colon > 0 && all.stream().anyMatch(plugin -> plugin.plugin().kind().equals(name.substring(0, colon)))) {
            return of(seat(name));
        }
        List<Shelves.Offer> offers = new Shelves(context).named(name);
        if (offers.isEmpty()) {
            throw jar(name).orElseGet(() -> unknown(name, all));
        }
        return offers.stream()
                .map(offer -> new Standing(
                        "bundle " + offer.bundle(),
                        false,
                        new Reason(
                                "bundle " + offer.bundle() + " is not installed",
                                List.of(Reason.of("it is one of " + offer.shelf())),
                                offer.command(),
                                "")))
                .toList();
    }

    /** The seat that somebody types; its id may have a colon, a version has none. */
    private static SeatName seat(String typed) {
        int colon = typed.indexOf(':');
        int last = typed.lastIndexOf(':');
        String kind = typed.substring(0, colon);
        return Versions.of(typed.substring(last + 1))
                .filter(_ -> last > colon)
                .map(versions -> new SeatName(kind, typed.substring(colon + 1, last), versions))
                .orElseGet(() -> new SeatName(kind, typed.substring(colon + 1)));
    }

    private static SeatName seat(Seats.Examined plugin) {
        return new SeatName(plugin.plugin().kind(), plugin.plugin().id());
    }

    /** Of every plugin that is to fill a seat; of the seat, where there is none. */
    List<Standing> of(SeatName seat) {
        List<Seats.Examined> all = seats.examination();
        List<Standing> found = all.stream()
                .filter(plugin -> seat.takes(
                        plugin.plugin().kind(),
                        plugin.plugin().id(),
                        plugin.bundle().getVersion()))
                .map(plugin -> standing(plugin, all, true))
                .toList();
        return found.isEmpty() ? List.of(new Standing(seat.toString(), false, seats.absence(seat))) : found;
    }

    /** A file that is there, and not plugged in. */
    private static Optional<InputError> jar(String name) {
        try {
            if (!Files.isRegularFile(Path.of(name))) {
                return Optional.empty();
            }
            JarManifest manifest = JarManifest.of(Path.of(name));
            return Optional.of(InputError.of(
                    name + " is not plugged in: " + manifest,
                    "./kolotoc why " + manifest.name() + " --plugin " + name));
        } catch (InvalidPathException _) {
            return Optional.empty();
        } catch (IOException | BundleException e) {
            return Optional.of(InputError.of(
                    name + " is no bundle: " + Printable.reason(e),
                    "build it with bnd-maven-plugin, as the plugins in examples/ do",
                    e));
        }
    }

    private InputError unknown(String name, List<Seats.Examined> all) {
        Set<String> known = new TreeSet<>();
        for (Seats.Examined plugin : all) {
            known.add(plugin.plugin().id());
            known.add(plugin.plugin().kind() + ":" + plugin.plugin().id());
            known.add(plugin.plugin().bundle());
        }
        return InputError.of(
                "nothing that is plugged in is called '" + Printable.cut(name, SHOWN) + "'"
                        + Nearest.hint(name, known)
                        + "; expected a seat (model:gpt), the id of a plugin, the name of a bundle or the file of a"
                        + " jar",
                "./kolotoc list shows what there is");
    }

    /** Of everything that can't be used: plugins, bundles of others without a plugin, jars. No plugin runs for it. */
    public List<Standing> unusable() {
        List<Seats.Examined> all = seats.examination();
        Stream<Standing> plugins = all.stream().map(plugin -> standing(plugin, all, false));
        Stream<Standing> bundles = Arrays.stream(context.getBundles())
                .filter(bundle -> !installed.isOwn(bundle)
                        && bundle.getState() == Bundle.INSTALLED
                        && all.stream().noneMatch(plugin -> plugin.bundle().equals(bundle)))
                .map(this::standing);
        return Stream.of(plugins, bundles, leftOut())
                .flatMap(standings -> standings)
                .filter(standing -> !standing.usable())
                .toList();
    }

    /** Jars that never became a bundle; one that did is told of as that. */
    private Stream<Standing> leftOut() {
        List<String> locations =
                Arrays.stream(context.getBundles()).map(Bundle::getLocation).toList();
        return new Shelves(context)
                .leftOut().entrySet().stream()
                        .filter(jar -> !locations.contains(
                                Path.of(jar.getKey()).toUri().toString()))
                        .map(jar -> new Standing(
                                jar.getKey(),
                                false,
                                new Reason(
                                        "the jar " + jar.getKey() + " was left out",
                                        jar.getValue()
                                                .lines()
                                                .map(String::strip)
                                                .map(Reason::of)
                                                .toList(),
                                        "mend it, or take it out of the folder",
                                        "")));
    }

    private static boolean isCalled(Bundle bundle, String name) {
        String symbolic = bundle.getSymbolicName();
        return name.equals(symbolic)
                || name.equals(symbolic + " " + bundle.getVersion())
                || name.equals(symbolic + ":" + bundle.getVersion())
                || file(bundle).filter(file -> isFile(file, name)).isPresent();
    }

    private static Optional<Path> file(Bundle bundle) {
        String location = String.valueOf(bundle.getLocation());
        return location.startsWith("file:") ? Optional.of(Path.of(URI.create(location))) : Optional.empty();
    }

    private static boolean isFile(Path file, String name) {
        try {
            return file.getFileName().toString().equals(name)
                    || file.toAbsolutePath().equals(Path.of(name).toAbsolutePath());
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private Stream<Standing> of(Bundle bundle, List<Seats.Examined> all) {
        List<Standing> plugins = all.stream()
                .filter(plugin -> plugin.bundle().equals(bundle))
                .map(plugin -> standing(plugin, all, true))
                .toList();
        return plugins.isEmpty() ? Stream.of(standing(bundle)) : plugins.stream();
    }

    /** Of a bundle that declares no plugin. */
    private Standing standing(Bundle bundle) {
        String subject = "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion();
        boolean broken = bundle.getState() == Bundle.INSTALLED
                || bundle.getState() == Bundle.RESOLVED
                        && new Shelves(context)
                                .leftOut().keySet().stream()
                                        .anyMatch(jar ->
                                                Shelves.location(Path.of(jar)).equals(bundle.getLocation()));
        return broken
                ? new Standing(subject, false, new Explainer(context).of(bundle).orElseThrow())
                : new Standing(subject, true, Reason.of(subject + " is usable, and declares no plugin", since(bundle)));
    }

    /** @param make whether the plugin is made, as a run would */
    private Standing standing(Seats.Examined examined, List<Seats.Examined> all, boolean make) {
        Seats.Installed plugin = examined.plugin();
        SeatName seat = seat(examined);
        String name = "the " + seat + " of the bundle " + plugin.bundle() + " " + plugin.version();
        if (!examined.lacks().isEmpty()) {
            return unusable(seat, Reason.of(name + " is not available", examined.lacks()));
        }
        if (examined.bundle().getLocation().startsWith(Leases.OF_A_RUN)) {
            return unusable(
                    seat,
                    Reason.of(
                            name + " fills no seat of a new run",
                            List.of(Reason.of("it came out of a run's folder, for that run alone"))));
        }
        List<Seats.Examined> filling = seats.filling(seat, all);
        if (filling.size() > 1) {
            return unusable(
                    seat,
                    new Reason(
                            name + " does not fill its seat",
                            List.of(Reason.of("bundles of several names offer it: " + names(filling))),
                            "take all but one out, or give them other ids",
                            ""));
        }
        if (plugin.kind().equals(COMMAND) && isCommandOfTheProgram(plugin.id())) {
            return unusable(
                    seat,
                    new Reason(
                            name + " is never called",
                            List.of(Reason.of("the program has a command of that name, which goes first")),
                            "give it another id",
                            ""));
        }
        if (make) {
            try {
                seats.get(exactly(examined));
            } catch (PluginFailure | InputError e) {
                return unusable(
                        seat,
                        Reason.of(
                                name + " is not available",
                                e.getMessage()
                                        .lines()
                                        .map(String::strip)
                                        .map(Reason::of)
                                        .toList()));
            }
        }
        List<Reason> since = since(examined.bundle());
        if (!filling.contains(examined)) {
            since.addFirst(Reason.of("where no version is said, " + names(filling) + " fills the seat; \""
                    + Versions.FIELD + "\": \"" + plugin.version() + "\" takes this one"));
        }
        return new Standing(seat.toString(), true, Reason.of(name(examined, filling) + " is usable", since));
    }

    /** Which of several it is. */
    private static String name(Seats.Examined examined, List<Seats.Examined> filling) {
        return "the " + (filling.contains(examined) ? seat(examined) : exactly(examined));
    }

    private static SeatName exactly(Seats.Examined examined) {
        return new SeatName(
                examined.plugin().kind(),
                examined.plugin().id(),
                Versions.exactly(examined.bundle().getVersion()));
    }

    private static Standing unusable(SeatName seat, Reason reason) {
        return new Standing(seat.toString(), false, reason);
    }

    private static String names(List<Seats.Examined> plugins) {
        return String.join(
                " and ",
                plugins.stream()
                        .map(plugin ->
                                plugin.plugin().bundle() + " " + plugin.plugin().version())
                        .toList());
    }

    /** Why a bundle can be used: where it came from, and what it is wired to. */
    private List<Reason> since(Bundle bundle) {
        List<Reason> reasons = new ArrayList<>();
        reasons.add(Reason.of("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " "
                + (bundle.getState() == Bundle.RESOLVED ? "is resolved" : "is started") + ", " + origin(bundle)));
        Set<String> providers = new TreeSet<>();
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring != null) {
            for (BundleWire wire : wiring.getRequiredWires(null)) {
                Bundle provider = wire.getProvider().getBundle();
                if (provider != bundle && provider.getBundleId() != Constants.SYSTEM_BUNDLE_ID) {
                    providers.add(provider.getSymbolicName() + " " + provider.getVersion());
                }
            }
        }
        reasons.add(Reason.of(
                providers.isEmpty()
                        ? "it needs nothing of other bundles"
                        : "what it needs is offered by " + String.join(", ", providers)));
        reasons.add(Shelves.origin(bundle));
        return reasons;
    }

    private String origin(Bundle bundle) {
        if (installed.isOwn(bundle)) {
            return "a part of the program";
        }
        if (installed.isAsked(bundle)) {
            return "named with --plugin";
        }
        if (bundle.getLocation().startsWith(Leases.OF_A_RUN)) {
            return "out of a run's folder";
        }
        return bundle.getLocation().contains("/installed/jars/") ? "installed with a feature" : "plugged in";
    }

    @SuppressWarnings("rawtypes")
    private boolean isCommandOfTheProgram(String id) {
        try {
            return context.getServiceReferences(ToIntFunction.class, "(kolotoc.command=*)").stream()
                    .anyMatch(command ->
                            id.equals(command.getProperty("kolotoc.command")) && installed.isOwn(command.getBundle()));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
