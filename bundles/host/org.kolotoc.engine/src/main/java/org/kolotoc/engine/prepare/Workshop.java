package org.kolotoc.engine.prepare;

import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.check.Silences;
import org.kolotoc.engine.data.DataPlaces;
import org.kolotoc.engine.data.LockedData;
import org.kolotoc.engine.device.Backends;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.guard.ProcessSettings;
import org.kolotoc.engine.lease.BundleContent;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.lease.OtherCode;
import org.kolotoc.engine.lease.Retiring;
import org.kolotoc.engine.lease.Trusted;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.why.Setting;
import org.kolotoc.engine.why.Why;
import org.osgi.framework.BundleContext;

/** What experiments of this host are prepared with: its plugins, backends, places of data, and the budget of all runs. */
public final class Workshop {
    /** Kinds of the seats that nobody needs who draws samples; any other may fill a part of a model or a sampler. */
    private static final Set<String> TRAINING = Set.of(Seat.DATA, Seat.PHASE, Seat.OPTIMIZER, Seat.METRIC);

    private static final String COMMAND_LINE = "the command line";

    private final BundleContext context;
    private final Seats seats;
    private final Backends backends;
    private final Budget budget = new Budget();
    private final Retiring retiring;
    private final ProcessSettings settings = ProcessSettings.now();

    public Workshop(BundleContext context) {
        this.context = context;
        this.retiring = new Retiring(context);
        this.seats = new Seats(context, retiring::isGoing);
        this.backends = new Backends(context);
    }

    public Seats seats() {
        return seats;
    }

    public Backends backends() {
        return backends;
    }

    public Budget budget() {
        return budget;
    }

    /** Takes bundles out once no run uses them any more. */
    public Retiring retiring() {
        return retiring;
    }

    /** The framework that it is in. */
    public BundleContext context() {
        return context;
    }

    /** Puts back what a plugin set for the whole process. */
    public void putBack() {
        settings.putBack();
    }

    /** Root of the project, or the current folder. */
    public Path project() {
        return Path.of(
                Optional.ofNullable(context.getProperty("kolotoc.project")).orElse("."));
    }

    /** The bundles that are plugged in. */
    public InstalledBundles installed() {
        return new InstalledBundles(context);
    }

    /** What of run folders may run without asking. */
    public Trusted trusted() {
        return Trusted.of(context);
    }

    /** An experiment with the changes of the command line made to it. */
    public static ExperimentFile changed(ExperimentFile file, Options options) {
        options.sets().forEach(file::set);
        options.seed().ifPresent(seed -> file.set("--seed", "seed", new JsonPrimitive(seed)));
        options.backend().ifPresent(backend -> file.set("--backend", "backend", new JsonPrimitive(backend)));
        return file;
    }

    /**
     * Fills the seats of an experiment and checks that it can be run and judged; trains nothing.
     *
     * @param leases what fills the seats; knows it all afterwards
     * @param past to go on from
     * @param ofRun whether the experiment is the copy in a run's folder: its data has to be what it was
     * @throws InputError with everything that is wrong
     * @throws org.kolotoc.api.Stopped when the client stops it
     */
    public Workbench workbench(
            ExperimentFile file, Options options, Leases leases, Optional<Past> past, boolean ofRun, Client client) {
        Optional<LockedData> locked =
                ofRun ? Optional.of(LockedData.of(file.path().resolveSibling(RunFolder.LOCK))) : Optional.empty();
        Experiment experiment = file.experiment();
        RunLedger ledger = new RunLedger(experiment.strict());
        Silences.overwritten(file.assignments(), ledger);
        Workbench bench = Workbench.of(
                experiment, file.source(), environment(file, options, leases, locked, client, ledger), past);
        try {
            unused(options, bench);
            ledger.refuse();
            return bench;
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(bench::close));
            throw e;
        }
    }

    /**
     * An experiment that goes on, with another plugin in a seat, see {@link Workbench#successor}. To be called between two
     * of its steps; what it gives prepares it, whenever that is.
     *
     * @param file of the experiment
     * @param leases what fills the seats; knows it all afterwards
     * @param seat that another plugin fills
     * @param place of the phase that goes on
     * @param run its folder: data has to be what it was
     */
    public Workbench.Successor successor(
            Workbench bench,
            ExperimentFile file,
            Options options,
            Leases leases,
            SeatName seat,
            int place,
            Path run,
            Client client) {
        Supplier<Environment> environment = () -> environment(
                file, options, leases, Optional.of(LockedData.of(run.resolve(RunFolder.LOCK))), client, bench.ledger());
        Workbench.Successor successor = bench.successor(file.source(), environment, seat.kind(), place);
        return () -> bench.ledger().again(successor::prepare);
    }

    /** Notes options that change nothing for an experiment. */
    private static void unused(Options options, Workbench bench) {
        RunLedger ledger = bench.ledger();
        int processors = Runtime.getRuntime().availableProcessors();
        options.threads()
                .filter(threads -> threads > processors)
                .ifPresent(threads -> ledger.note(
                        Ledger.Kind.NO_EFFECT,
                        COMMAND_LINE,
                        "--threads " + threads,
                        "is more than the " + processors + " processors there are: threads take turns"));
        options.data()
                .filter(folder -> bench.dataFiles().stream()
                        .noneMatch(file -> absolute(file.found()).startsWith(absolute(folder))))
                .ifPresent(folder -> ledger.note(
                        Ledger.Kind.NO_EFFECT, COMMAND_LINE, "--data " + folder, "nothing that is read lies below it"));
        long total = bench.backend().memory().total();
        options.memory()
                .filter(memory -> total > 0 && memory > total)
                .ifPresent(memory -> ledger.note(
                        Ledger.Kind.NO_EFFECT,
                        COMMAND_LINE,
                        "--memory",
                        Printable.bytes(memory) + " is more than there is, " + Printable.bytes(total)));
    }

    /**
     * Who set the values of an experiment at a path, or below it.
     *
     * @throws InputError when there is nothing at the path
     */
    public List<Setting> why(ExperimentFile file, String path) {
        Why.Plugins plugins = (kind, id, versions) -> seats.described(kind, id, versions)
                .map(known -> new Why.Plugins.Plugin(known.occupant().toString(), known.settings()));
        return Why.of(file, plugins, path);
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    Environment environment(
            ExperimentFile file,
            Options options,
            Leases leases,
            Optional<LockedData> locked,
            Client client,
            RunLedger ledger) {
        return new Environment(
                seats.leased(leases),
                id -> backends.lend(id, options.threads()),
                new DataPlaces(options.data(), project(), options.download(), file.origin(), locked),
                client,
                ledger,
                () -> retiring.use(leases),
                (run, model) -> OtherCode.ofModel(run, model, leases, installed()));
    }

    /**
     * What fills the seats of a run that is there: the bundles that its lock names, out of its folder where they are not
     * plugged in.
     *
     * @throws InputError when what the folder keeps of them may not run, or was altered
     */
    public Leases leases(Path run, Options options, Client client) {
        LockedSeats locked = LockedSeats.of(run);
        return leases(locked, locked.now(), options, client);
    }

    /** The same for some of the seats, or those of an earlier step. */
    public Leases leases(LockedSeats locked, Map<SeatName, BundleContent> seats, Options options, Client client) {
        return locked.leases(seats, installed(), trusted(), options.trust(), client);
    }

    /** What it takes to draw samples: who trained the models runs no code. */
    Leases samplers(Path run, Options options, Client client) {
        return without(TRAINING, run, options, client);
    }

    /** What it takes to have samples judged. */
    Leases judges(Path run, Options options, Client client) {
        return without(Set.of(Seat.PHASE, Seat.OPTIMIZER), run, options, client);
    }

    /** What it takes to know what the models of a run are. */
    public Leases models(Path run, Options options, Client client) {
        return needed(seat -> isOfModels(seat.kind()), run, options, client);
    }

    /** The same of another run beside one, whose own seats are filled as that says. */
    Leases modelsBeside(Path own, Path other, Options options, Client client) {
        Set<SeatName> filled = LockedSeats.of(own).now().keySet();
        return needed(seat -> isOfModels(seat.kind()) && !filled.contains(seat), other, options, client);
    }

    private static boolean isOfModels(String kind) {
        return !TRAINING.contains(kind) && !kind.equals(Seat.SAMPLER);
    }

    private Leases without(Set<String> kinds, Path run, Options options, Client client) {
        return needed(seat -> !kinds.contains(seat.kind()), run, options, client);
    }

    private Leases needed(Predicate<SeatName> needed, Path run, Options options, Client client) {
        LockedSeats locked = LockedSeats.of(run);
        Map<SeatName, BundleContent> seats = locked.now();
        seats.keySet().removeIf(needed.negate());
        return leases(locked, seats, options, client);
    }
}
