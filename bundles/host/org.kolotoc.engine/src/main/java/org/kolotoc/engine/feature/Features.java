package org.kolotoc.engine.feature;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.Retiring;
import org.kolotoc.engine.lease.Starting;
import org.kolotoc.engine.need.Explainer;
import org.kolotoc.engine.need.Reason;
import org.kolotoc.engine.need.Shelves;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Disk;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Installs, exchanges and takes out features while the host runs: all bundles are installed, then resolved, then started, or
 * nothing of it stays. What was done is a new state, which a later process begins with.
 */
public final class Features {
    private final BundleContext context;
    private final Retiring retiring;
    private final FeatureStates states;

    /** @param retiring takes bundles out that runs may still use */
    public Features(BundleContext context, Retiring retiring) {
        this.context = context;
        this.retiring = retiring;
        String home = Optional.ofNullable(context.getProperty("kolotoc.home")).orElse(".");
        this.states = new FeatureStates(Path.of(home, "installed").toAbsolutePath());
    }

    /** What is installed besides the program. */
    public FeatureState current() {
        return states.current();
    }

    /** All states, the oldest first. */
    public List<FeatureState> history() {
        return states.numbers().stream().map(states::state).toList();
    }

    /**
     * What is offered somewhere: name, version and description of each, which says why one can't be installed.
     *
     * @param sha256 of a file that comes over a network
     */
    public List<List<String>> offered(String from, Optional<String> sha256) {
        return in(scratch -> Source.of(from, sha256, scratch).listed().stream()
                .map(feature -> List.of(feature.name(), feature.version(), feature.description()))
                .toList());
    }

    /**
     * Installs features.
     *
     * @param dry whether it is only found out what would be done
     */
    public FeatureChange install(List<String> names, String from, Optional<String> sha256, boolean dry) {
        return change(dry, (before, scratch) -> {
            Source source = Source.of(from, sha256, scratch);
            List<Staged> staged = new ArrayList<>();
            for (String name : names) {
                Offered offered = source.feature(name);
                before.feature(name).ifPresent(there -> {
                    throw InputError.of(
                            "the feature " + there + " is installed already",
                            "./kolotoc feature update " + name + " --from " + from);
                });
                staged.add(staged(offered, source, scratch, dry));
            }
            return new Wish("install", before, staged, Set.of());
        });
    }

    /**
     * Exchanges features for the versions that are where they came from, or somewhere else.
     *
     * @param names all that are installed where none is named
     * @param from where they came from, if not given
     */
    public FeatureChange update(List<String> names, Optional<String> from, Optional<String> sha256, boolean dry) {
        return change(dry, (before, scratch) -> {
            List<Staged> staged = new ArrayList<>();
            Set<String> gone = new TreeSet<>();
            for (FeatureState.Feature old : named(names, before)) {
                Path own = scratch.resolve("of-" + staged.size() + "-" + gone.size());
                Source source = Source.of(from.orElse(old.from()), sha256, own);
                Offered offered = source.feature(old.name());
                Staged next = staged(offered, source, own, dry);
                if (!next.feature().bundles().equals(old.bundles()) || !isWhole(old)) {
                    staged.add(next);
                    gone.add(old.name());
                }
            }
            return new Wish("update", before, staged, gone);
        });
    }

    /** Whether its jars are there as they were installed. */
    private boolean isWhole(FeatureState.Feature feature) throws IOException {
        for (FeatureState.Jar jar : feature.bundles()) {
            if (!states.has(jar)) {
                return false;
            }
        }
        return true;
    }

    /** Takes features out; bundles that another one shares stay. */
    public FeatureChange remove(List<String> names, boolean dry) {
        return change(dry, (before, _) -> {
            Set<String> gone = new TreeSet<>();
            named(names, before).forEach(feature -> gone.add(feature.name()));
            return new Wish("remove", before, List.of(), gone);
        });
    }

    /**
     * Goes back to a state; what it held becomes a state again.
     *
     * @param number of the one before the one that holds, if not given
     */
    public FeatureChange rollback(Optional<Integer> number, boolean dry) {
        try (FileChannel _ = states.lock()) {
            List<Integer> numbers = states.numbers();
            int last = numbers.getLast();
            if (last == 0) {
                throw InputError.of(
                        "nothing was ever installed besides the program; there is no state to go back to",
                        "./kolotoc feature list");
            }
            int to = number.orElse(Math.max(0, last - 1));
            FeatureState wanted = states.state(to);
            for (FeatureState.Feature feature : wanted.features()) {
                for (FeatureState.Jar jar : feature.bundles()) {
                    if (!states.has(jar)) {
                        throw InputError.of(
                                "state " + to + " needs " + jar + ", whose jar "
                                        + states.jars().resolve(jar.file()) + " is gone or was altered",
                                "go back to another state: ./kolotoc feature history");
                    }
                }
            }
            return applied("rollback to state " + to, before(), wanted.features(), last + 1, Map.of(), dry);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Forgets older states, and the jars that are in none of the others.
     *
     * @param keep how many of the newest can be gone back to, besides the one that holds
     */
    public void forget(int keep) {
        try (FileChannel _ = states.lock()) {
            states.forget(keep);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** The state that holds; none where it can't be read, so that one can go back to another. */
    private FeatureState before() {
        try {
            return states.current();
        } catch (InputError _) {
            return FeatureState.none();
        }
    }

    private Staged staged(Offered offered, Source source, Path scratch, boolean dry) {
        Path own = scratch.resolve("staged-" + offered.name().replaceAll("[^A-Za-z0-9_.-]", "_"));
        return Staged.of(offered, source, context, own, !dry);
    }

    private static List<FeatureState.Feature> named(List<String> names, FeatureState state) {
        List<String> known =
                state.features().stream().map(FeatureState.Feature::name).toList();
        if (names.isEmpty()) {
            return state.features();
        }
        return names.stream()
                .map(name -> state.feature(name)
                        .orElseThrow(() -> InputError.of(
                                "the feature '" + name + "' is not installed" + Nearest.hint(name, known)
                                        + " (installed: " + (known.isEmpty() ? "none" : String.join(", ", known)) + ")",
                                "./kolotoc feature list")))
                .toList();
    }

    /**
     * What is to become of a state.
     *
     * @param gone names of features that go
     */
    private record Wish(String verb, FeatureState before, List<Staged> staged, Set<String> gone) {}

    /** Finds out what is to become of the state that holds. */
    private interface Wishing {
        Wish of(FeatureState before, Path scratch) throws IOException;
    }

    private FeatureChange change(boolean dry, Wishing wishing) {
        return in(scratch -> {
            if (dry) {
                return changed(wishing.of(states.current(), scratch), true);
            }
            try (FileChannel _ = states.lock()) {
                return changed(wishing.of(states.current(), scratch), false);
            } catch (IOException e) {
                throw unwritable(e);
            }
        });
    }

    private FeatureChange changed(Wish wish, boolean dry) throws IOException {
        List<FeatureState.Feature> features = new ArrayList<>(wish.before().features());
        features.removeIf(feature -> wish.gone().contains(feature.name()));
        Map<FeatureState.Jar, Path> jars = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        for (Staged staged : wish.staged()) {
            features.add(staged.feature());
            jars.putAll(staged.jars());
            names.add(staged.feature().toString());
        }
        if (names.isEmpty() && wish.gone().isEmpty()) {
            return new FeatureChange(
                    "nothing: all is as it would be",
                    wish.before().number(),
                    wish.before().number(),
                    List.of(),
                    List.of(),
                    List.of(),
                    dry);
        }
        String did = wish.verb() + " " + String.join(", ", names.isEmpty() ? wish.gone() : names);
        return applied(did, wish.before(), features, states.numbers().getLast() + 1, jars, dry);
    }

    private FeatureChange applied(
            String did,
            FeatureState before,
            List<FeatureState.Feature> features,
            int number,
            Map<FeatureState.Jar, Path> jars,
            boolean dry)
            throws IOException {
        FeatureState after = new FeatureState(
                number, did, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), List.copyOf(features));
        List<String> added = names(after, before);
        List<String> gone = names(before, after);
        List<String> used = List.of();
        if (!dry) {
            for (Map.Entry<FeatureState.Jar, Path> jar : jars.entrySet()) {
                if (!states.has(jar.getKey())) {
                    Atomic.write(states.jars().resolve(jar.getKey().file()), Files.readAllBytes(jar.getValue()));
                }
            }
            List<Bundle> left = exchange(before, after);
            sweep();
            used = left.stream()
                    .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
                    .toList();
        }
        return new FeatureChange(did, before.number(), number, added, gone, used, dry);
    }

    /** Jars of a change that was cut short go with the next one. */
    private void sweep() {
        try {
            states.sweep();
        } catch (IOException | InputError _) {
            // They take place and do no harm.
        }
    }

    /** Bundles of one state that another has not. */
    private static List<String> names(FeatureState of, FeatureState without) {
        return of.features().stream()
                .flatMap(feature -> feature.bundles().stream())
                .filter(jar -> jar.file().isEmpty() || !without.files().contains(jar.file()))
                .map(FeatureState.Jar::toString)
                .distinct()
                .toList();
    }

    /**
     * Installs all that is new, resolves it, starts it; writes the state; then takes out what is old.
     *
     * @return what is old and still used
     */
    private List<Bundle> exchange(FeatureState before, FeatureState after) throws IOException {
        Set<String> coming = new TreeSet<>(after.files());
        coming.removeAll(before.files());
        List<Bundle> bundles = new ArrayList<>();
        try {
            for (String file : coming) {
                bundles.add(installed(file));
            }
            context.getBundle(Constants.SYSTEM_BUNDLE_ID)
                    .adapt(FrameworkWiring.class)
                    .resolveBundles(bundles);
            for (Bundle bundle : bundles) {
                Optional<Reason> lack = bundle.getState() == Bundle.INSTALLED
                        ? new Explainer(context).of(bundle)
                        : Starting.failed(bundle)
                                .map(Starting::why)
                                .map(why -> Reason.of("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                                        + " does not start: " + why));
                if (lack.isPresent()) {
                    throw InputError.of(
                            "the features can't be changed\n  "
                                    + lack.get().text(false).replace("\n", "\n  "),
                            "mend that; all is as it was before");
                }
            }
            states.write(after);
        } catch (InputError | IOException e) {
            retiring.retire(bundles);
            throw e;
        }
        Set<String> going = new TreeSet<>(before.files());
        going.removeAll(after.files());
        return retiring.retire(going.stream()
                .map(file -> context.getBundle(location(file)))
                .filter(Objects::nonNull)
                .toList());
    }

    private Bundle installed(String file) throws IOException {
        try {
            Path jar = states.jars().resolve(file);
            Bundle bundle =
                    new InstalledBundles(context).install(location(file), Files.readAllBytes(jar), "the bundle " + jar);
            // It may be one that was to go and that a run still uses.
            retiring.keep(bundle);
            return bundle;
        } catch (BundleException e) {
            throw InputError.of(
                    "the bundle " + file + " can't be installed: " + e.getMessage(),
                    "build it anew; all is as it was before",
                    e);
        }
    }

    private String location(String file) {
        return Shelves.location(states.jars().resolve(file));
    }

    private InputError unwritable(IOException e) {
        return InputError.of(
                "nothing can be written into " + states.folder() + ": " + Printable.reason(e),
                "look at its rights and at the space on its disk; all is as it was before",
                e);
    }

    /** Work with files. */
    private interface Work<T> {
        T in(Path scratch) throws IOException;
    }

    private static <T> T in(Work<T> work) {
        Path scratch = null;
        try {
            scratch = Files.createTempDirectory("kolotoc-feature-");
            return work.in(scratch);
        } catch (IOException e) {
            throw InputError.of(
                    "a temporary file can't be written: " + Printable.reason(e),
                    "give another folder: TMPDIR=<folder> ./kolotoc ...",
                    e);
        } finally {
            if (scratch != null) {
                remove(scratch);
            }
        }
    }

    private static void remove(Path scratch) {
        try {
            Atomic.remove(Disk.SYSTEM, scratch);
        } catch (IOException _) {
            // The system empties its temporary folder.
        }
    }
}
