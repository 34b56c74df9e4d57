package org.kolotoc.engine.lease;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Versions;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.json.Fields;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleRevision;

/**
 * What the lock of a run says of its seats: which bundle fills which, from which step on, and which jars the folder keeps.
 *
 * @param run its folder
 * @param entries in the order they were noted; a later one of a seat takes the place of an earlier
 * @param kept bundles whose jars lie in the folder: those of the seats, and what they import from besides the program
 * @param quarantined bundles that are not to fill a seat again
 */
public record LockedSeats(Path run, List<Entry> entries, List<BundleContent> kept, List<Quarantined> quarantined) {
    private static final String SEATS = "seats";
    private static final String KEPT = "kept";
    private static final String QUARANTINED = "quarantined";
    private static final String KIND = "kind";
    private static final String ID = "id";
    private static final String BUNDLE = "bundle";
    private static final String STEP = "step";

    /**
     * A seat.
     *
     * @param step updates that were made before this bundle filled it
     */
    public record Entry(SeatName seat, BundleContent bundle, long step) {
        static Entry of(Fields fields) {
            return new Entry(
                    new SeatName(fields.text(KIND), fields.text(ID), versions(fields)),
                    BundleContent.of(fields.object(BUNDLE)),
                    fields.has(STEP) ? fields.count(STEP) : 0);
        }

        private static Versions versions(Fields fields) {
            if (!fields.has(Versions.FIELD)) {
                return Versions.ANY;
            }
            String text = fields.text(Versions.FIELD);
            return Versions.of(text)
                    .orElseThrow(() -> new JsonParseException(
                            "\"" + Versions.FIELD + "\": \"" + text + "\"; expected a version, or a range of them"));
        }

        JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty(KIND, seat.kind());
            json.addProperty(ID, seat.id());
            if (!seat.versions().isAny()) {
                json.addProperty(Versions.FIELD, seat.versions().text());
            }
            if (step > 0) {
                json.addProperty(STEP, step);
            }
            json.add(BUNDLE, bundle.json());
            return json;
        }
    }

    /**
     * A seat that another bundle fills than before.
     *
     * @param was what filled it
     */
    public record Change(SeatName seat, BundleContent was, BundleContent is) {
        /** {@code the model 'hello' is hello 2.0.0 (0a1b2c3d), which was hello 1.0.0 (4e5f6a7b)}. */
        @Override
        public String toString() {
            return "the " + seat + " is " + is + ", which was " + was;
        }
    }

    /**
     * Reads them; none where there is no lock, or one of an older version.
     *
     * @throws InputError when the lock says it otherwise than this program writes it
     */
    public static LockedSeats of(Path run) {
        Path lock = run.resolve(RunFolder.LOCK);
        Fields fields;
        try {
            fields = Fields.read(lock);
        } catch (IOException | JsonParseException _) {
            // Whoever goes on with the run is told that nothing is known.
            return new LockedSeats(run, List.of(), List.of(), List.of());
        }
        try {
            return new LockedSeats(
                    run,
                    fields.has(SEATS)
                            ? fields.objects(SEATS).stream().map(Entry::of).toList()
                            : List.of(),
                    fields.has(KEPT)
                            ? fields.objects(KEPT).stream()
                                    .map(BundleContent::of)
                                    .toList()
                            : List.of(),
                    fields.has(QUARANTINED)
                            ? fields.objects(QUARANTINED).stream()
                                    .map(Quarantined::of)
                                    .toList()
                            : List.of());
        } catch (JsonParseException e) {
            throw InputError.of(
                    lock + ": " + e.getMessage(),
                    "put the run's own lock.json there, or begin a new run: ./kolotoc run "
                            + Printable.word(run.resolve(RunFolder.EXPERIMENT)),
                    e);
        }
    }

    /** What fills each seat now. */
    public Map<SeatName, BundleContent> now() {
        return at(Long.MAX_VALUE);
    }

    /** What filled each seat when so many updates had been made. */
    public Map<SeatName, BundleContent> at(long step) {
        Map<SeatName, BundleContent> seats = new LinkedHashMap<>();
        entries.stream()
                .filter(entry -> entry.step() <= step)
                .forEach(entry -> seats.put(entry.seat(), entry.bundle()));
        return seats;
    }

    /** What is known of a bundle that is not to fill a seat again; nothing where it may. */
    public Optional<Quarantined> quarantined(BundleContent content) {
        return quarantined.stream().filter(one -> one.bundle().equals(content)).findFirst();
    }

    /** The same with one more that is not to fill a seat again. */
    public LockedSeats quarantine(BundleContent content, long step, String reason) {
        List<Quarantined> more = new ArrayList<>(quarantined);
        more.removeIf(one -> one.bundle().equals(content));
        more.add(new Quarantined(content, step, reason));
        return new LockedSeats(run, entries, kept, more);
    }

    /** The same as {@link #at}, but for what is not to fill a seat again; no seat where nothing else did before. */
    public Map<SeatName, BundleContent> soundAt(long step) {
        return new LockedSeats(run, sound(), kept, List.of()).at(step);
    }

    private List<Entry> sound() {
        return entries.stream()
                .filter(entry -> quarantined(entry.bundle()).isEmpty())
                .toList();
    }

    /** The jar in the run's folder of what fills a seat now; nothing where the folder keeps none. */
    public Optional<Path> keptJar(SeatName seat) {
        return now().entrySet().stream()
                .filter(entry ->
                        seat.takes(entry.getKey().kind(), entry.getKey().id(), version(entry.getValue()))
                                && kept.contains(entry.getValue()))
                .map(Map.Entry::getValue)
                .findFirst()
                .map(content -> run.resolve(RunFolder.BUNDLES).resolve(content.file()))
                .filter(jar -> Files.isRegularFile(jar, LinkOption.NOFOLLOW_LINKS));
    }

    private static Version version(BundleContent bundle) {
        try {
            return Version.parseVersion(bundle.version());
        } catch (IllegalArgumentException _) {
            return Version.emptyVersion;
        }
    }

    /** Steps after which another bundle filled a seat. */
    public Set<Long> changed() {
        Set<Long> steps = new TreeSet<>();
        entries.stream().filter(entry -> entry.step() > 0).forEach(entry -> steps.add(entry.step()));
        return steps;
    }

    /**
     * Leases of what filled the seats: from what is plugged in where it is there with the same content, else from the run's
     * folder. A bundle that a person named with {@code --plugin} goes first.
     *
     * @param seats {@link #now} or {@link #at}
     * @param trust whether a person said that what is in the folder may run
     * @param client hears of code of the folder before it runs
     * @throws InputError when a jar is missing, was altered, or was never run here and nobody said that it may be
     */
    public Leases leases(
            Map<SeatName, BundleContent> seats,
            InstalledBundles installed,
            Trusted trusted,
            boolean trust,
            Client client) {
        Map<SeatName, Bundle> asked = asked(seats.keySet(), installed);
        Set<BundleContent> missing = new HashSet<>();
        seats.forEach((seat, content) -> {
            if (!asked.containsKey(seat) && kept.contains(content) && !isUsable(installed.find(content))) {
                missing.add(content);
            }
        });
        if (!missing.isEmpty()) {
            missing.addAll(missingImports(installed));
            new KeptJars(run, trusted, client)
                    .install(kept.stream().filter(missing::contains).toList(), installed, trust);
        }
        Map<SeatName, Bundle> chosen = new LinkedHashMap<>();
        seats.forEach((seat, content) -> {
            if (!asked.containsKey(seat)) {
                installed
                        .find(content)
                        .ifPresentOrElse(
                                bundle -> chosen.put(seat, bundle), () -> requireOffered(seat, content, installed));
            }
        });
        chosen.putAll(asked);
        return new Leases(chosen);
    }

    /** Of a bundle whose jar the folder keeps it keeps the one that ran: another content is a lock that somebody changed. */
    private void requireOffered(SeatName seat, BundleContent content, InstalledBundles installed) {
        List<BundleContent> same =
                kept.stream().filter(one -> one.name().equals(content.name())).toList();
        boolean offered = Arrays.stream(installed.context().getBundles())
                .anyMatch(bundle -> seatsOf(bundle).contains(seat.ofAnyVersion()));
        if (!offered && !same.isEmpty()) {
            throw InputError.of(
                    run.resolve(RunFolder.LOCK) + ": the " + seat + " was filled by " + content
                            + ", whose jar the run's folder does not have; it has "
                            + String.join(
                                    ", ",
                                    same.stream().map(BundleContent::toString).toList()),
                    "put the run's own lock.json back, or give the bundle: --plugin <jar>");
        }
    }

    /** What bundles of seats import from, that is not plugged in. */
    private List<BundleContent> missingImports(InstalledBundles installed) {
        return kept.stream()
                .filter(content ->
                        entries.stream().noneMatch(entry -> entry.bundle().equals(content)))
                .filter(content -> installed.find(content).isEmpty())
                .toList();
    }

    /**
     * What a person named goes first, in each seat of its kind and id: where several ask for versions of their own, in those
     * that it will do for.
     */
    private static Map<SeatName, Bundle> asked(Set<SeatName> seats, InstalledBundles installed) {
        Map<SeatName, Bundle> asked = new LinkedHashMap<>();
        for (Bundle bundle : installed.asked()) {
            for (SeatName offered : seatsOf(bundle)) {
                List<SeatName> same = seats.stream()
                        .filter(seat -> seat.ofAnyVersion().equals(offered))
                        .toList();
                same.stream()
                        .filter(seat -> same.size() == 1 || seat.versions().has(bundle.getVersion()))
                        .forEach(seat -> asked.put(seat, bundle));
                asked.put(offered, bundle);
            }
        }
        return asked;
    }

    /**
     * What is to fill the seats of a run that goes on after a step: what filled them then, but for what is quarantined.
     *
     * @param trust whether a person said that this may fill them too
     * @throws InputError when nothing else is known of a seat, or somebody asked for what is quarantined
     */
    public Map<SeatName, BundleContent> next(long step, InstalledBundles installed, boolean trust) {
        if (trust || quarantined.isEmpty()) {
            return at(step);
        }
        Map<SeatName, BundleContent> next = soundAt(step);
        Set<SeatName> asked = new HashSet<>();
        installed.asked().forEach(bundle -> {
            quarantined(installed.content(bundle)).ifPresent(known -> {
                throw InputError.of(known.toString(), "mend it, and name that; or take this one all the same: --trust");
            });
            asked.addAll(seatsOf(bundle));
        });
        at(step).forEach((seat, content) -> {
            if (!next.containsKey(seat) && !asked.contains(seat.ofAnyVersion())) {
                throw InputError.of(
                        "the " + seat + ": " + quarantined(content).orElseThrow(),
                        "mend it, and go on with that: ./kolotoc run --resume " + Printable.word(run)
                                + " --plugin <jar>; or with this one all the same: --trust");
            }
        });
        return next;
    }

    private static boolean isUsable(Optional<Bundle> bundle) {
        return bundle.filter(there -> there.getState() != Bundle.INSTALLED).isPresent();
    }

    static List<SeatName> seatsOf(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null
                ? List.of()
                : revision.getDeclaredCapabilities(Seat.NAMESPACE).stream()
                        .map(seat -> new SeatName(
                                String.valueOf(seat.getAttributes().get(KIND)),
                                String.valueOf(seat.getAttributes().get(ID))))
                        .toList();
    }

    /**
     * Bundles that came into seats after a step, in that order, but for seats that are filled otherwise than they were at the
     * step: there somebody wants another.
     */
    public List<Entry> later(long step, Leases leases, InstalledBundles installed) {
        Map<SeatName, BundleContent> then = at(step);
        Map<SeatName, Bundle> filled = leases.filled();
        return entries.stream()
                .filter(entry -> entry.step() > step)
                .filter(entry -> quarantined(entry.bundle()).isEmpty())
                .filter(entry -> filled.containsKey(entry.seat())
                        && installed.content(filled.get(entry.seat())).equals(then.get(entry.seat())))
                .sorted(Comparator.comparingLong(Entry::step))
                .toList();
    }

    /**
     * Brings the bundle of an entry, out of the run's folder where it is not plugged in.
     *
     * @throws InputError as {@link #leases}
     */
    public Brought bring(Entry entry, InstalledBundles installed, Trusted trusted, boolean trust, Client client) {
        KeptJars jars = new KeptJars(run, trusted, client);
        Optional<byte[]> there = installed.find(entry.bundle()).flatMap(installed::jar);
        byte[] jar = there.orElseGet(() -> jars.read(entry.bundle()));
        if (there.isEmpty()) {
            jars.require(List.of(entry.bundle()), trust);
            List<BundleContent> imports = missingImports(installed);
            if (!imports.isEmpty()) {
                jars.install(imports, installed, trust);
            }
        }
        return Brought.of(jars.file(entry.bundle()), jar, entry.seat(), installed);
    }

    /** Seats that others fill than the lock says of a step, see {@link #at}. */
    public List<Change> changes(Map<SeatName, BundleContent> locked, Leases leases, InstalledBundles installed) {
        List<Change> changes = new ArrayList<>();
        leases.filled().forEach((seat, bundle) -> {
            BundleContent is = installed.content(bundle);
            if (locked.containsKey(seat) && !is.equals(locked.get(seat))) {
                changes.add(new Change(seat, locked.get(seat), is));
            }
        });
        return changes;
    }

    /** Puts jars into a run's folder. */
    @FunctionalInterface
    public interface Keeper {
        void keep(String file, byte[] jar) throws IOException;
    }

    /** The same with the bundles that fill the seats of a run that begins or goes on after a step, kept in its folder. */
    public LockedSeats with(Leases leases, InstalledBundles installed, Trusted trusted, long step, Keeper keeper)
            throws IOException {
        return with(leases, installed, trusted, step, keeper, installed::jar);
    }

    private LockedSeats with(
            Leases leases,
            InstalledBundles installed,
            Trusted trusted,
            long step,
            Keeper keeper,
            Function<Bundle, Optional<byte[]>> jars)
            throws IOException {
        List<Entry> after = new ArrayList<>(
                entries.stream().filter(entry -> entry.step() <= step).toList());
        Map<SeatName, BundleContent> locked = at(step);
        leases.filled().forEach((seat, bundle) -> {
            BundleContent is = installed.content(bundle);
            if (!is.equals(locked.get(seat))) {
                after.add(new Entry(seat, is, step));
            }
        });
        // What a run changed later than the step that it goes back to, it will change again.
        after.addAll(later(step, leases, installed));
        List<BundleContent> all = new ArrayList<>(kept);
        for (Bundle bundle : installed.withImports(leases.filled().values())) {
            BundleContent content = installed.content(bundle);
            Optional<byte[]> jar =
                    all.contains(content) || !content.isKeepable() ? Optional.empty() : jars.apply(bundle);
            if (jar.isPresent()) {
                keeper.keep(content.file(), jar.get());
                trusted.add(content);
                all.add(content);
            }
        }
        // Who let it fill a seat all the same said that it may.
        List<Quarantined> still = quarantined.stream()
                .filter(one -> leases.filled().values().stream()
                        .noneMatch(bundle -> installed.content(bundle).equals(one.bundle())))
                .toList();
        return new LockedSeats(run, after, all, still);
    }

    /** The same after a bundle was brought to the run. */
    public LockedSeats with(
            Brought brought, Leases leases, InstalledBundles installed, Trusted trusted, long step, Keeper keeper)
            throws IOException {
        return with(
                leases,
                installed,
                trusted,
                step,
                keeper,
                bundle -> bundle.equals(brought.bundle()) ? Optional.of(brought.jar()) : installed.jar(bundle));
    }

    /** Writes them into a lock. */
    public void write(JsonObject lock) {
        JsonArray seats = new JsonArray();
        entries.stream().map(Entry::json).forEach(seats::add);
        lock.add(SEATS, seats);
        JsonArray jars = new JsonArray();
        kept.stream().map(BundleContent::json).forEach(jars::add);
        lock.add(KEPT, jars);
        lock.remove(QUARANTINED);
        if (!quarantined.isEmpty()) {
            JsonArray list = new JsonArray();
            quarantined.stream().map(Quarantined::json).forEach(list::add);
            lock.add(QUARANTINED, list);
        }
    }
}
