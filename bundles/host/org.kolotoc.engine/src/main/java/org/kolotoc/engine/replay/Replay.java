package org.kolotoc.engine.replay;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.engine.check.Costs;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.folder.ExperimentSeal;
import org.kolotoc.engine.folder.MetricsPart;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.OtherCode;
import org.kolotoc.engine.ledger.Line;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;
import org.kolotoc.engine.state.Disk;
import org.kolotoc.engine.state.MetricsSeal;

/**
 * Takes steps of a run again, with the bundles that its lock names, and holds what they give against its checkpoints and
 * metrics. Nothing in the folder is written.
 */
public final class Replay {
    private final Workshop workshop;
    private final Options options;
    private final Client client;
    private final Listener listener;
    private final Path run;
    private final Made made;
    private final Checkpoints checkpoints;
    private final Witness witness;
    private final long every;
    private final List<Outcome.Point> points = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private Optional<Long> compared = Optional.empty();
    private long reached;

    /** Hears how far it is. */
    @FunctionalInterface
    public interface Listener {
        void reached(long step, long from, long to);
    }

    private Replay(Workshop workshop, Options options, Path run, long every, Client client, Listener listener)
            throws IOException {
        this.workshop = workshop;
        this.options = options;
        this.run = run;
        this.every = every;
        this.client = client;
        this.listener = listener;
        this.made = Made.of(run);
        this.checkpoints = new Checkpoints(run);
        this.witness = new Witness(run);
    }

    /**
     * Takes the steps.
     *
     * @param options which backend, and {@code from}: the step of the checkpoint to begin with, 0 for the beginning; the
     *     earliest checkpoint that is whole if not given
     * @param to the last step; that of the last checkpoint if not given
     * @param every gives hashes after every so many steps, besides those with a checkpoint; 0 for these alone
     * @throws InputError when the folder is no run's, or the steps can't be taken
     * @throws org.kolotoc.api.Stopped when somebody wants to stop
     */
    public static Outcome of(
            Workshop workshop,
            Path run,
            Options options,
            Optional<Long> to,
            long every,
            Client client,
            Listener listener)
            throws IOException {
        RunFolder.inspect(run);
        return new Replay(workshop, options, run, every, client, listener).take(to);
    }

    private Outcome take(Optional<Long> wanted) throws IOException {
        List<Long> steps = checkpoints.steps();
        long to = wanted.or(() -> steps.reversed().stream().findFirst())
                .orElseThrow(() -> InputError.of(
                        "the run " + run + " has no checkpoint yet, so nobody knows how far to go",
                        "say so: --from 0 --to <step>"));
        long from = options.from()
                .orElseGet(() -> steps.stream()
                        .filter(step -> step < to && checkpoints.whole(step).isPresent())
                        .findFirst()
                        .orElse(0L));
        if (to <= from) {
            throw InputError.of(
                    "nothing lies between step " + from + ", which the replay begins with, and step " + to,
                    "give other steps: --from 0 is the beginning, --to <step> the end");
        }
        steps.stream()
                .filter(step ->
                        step > from && step <= to && checkpoints.whole(step).isEmpty())
                .forEach(step ->
                        remark("the checkpoint of step " + step + " is not whole: nothing is compared with it"));
        if (!ExperimentSeal.isKnown(run, made.experiment().json())) {
            remark("experiment.json of the run is not what any part of it was made with: somebody changed it");
        }
        if (!made.knowsChanges()) {
            remark("the run has no " + Status.FILE
                    + " any more: its steps are taken as if nothing had been changed on its way");
        }
        if (!witness.isThere()) {
            remark("the run has no metrics.jsonl any more: what its steps measured is not compared");
        } else {
            doubtWitness(steps, to);
        }
        reached = from;
        Path scratch = Files.createTempDirectory("kolotoc-replay");
        try {
            parts(new Checkpoints(scratch), from, to);
        } finally {
            Atomic.remove(Disk.SYSTEM, scratch);
        }
        return new Outcome(from, reached, compared, differences, points, remarks);
    }

    /**
     * Says so where lines were taken out or changed: a step without a line has nothing that could differ. A checkpoint vouches
     * for the lines before it, nobody for those that follow the last.
     */
    private void doubtWitness(List<Long> steps, long to) throws IOException {
        Optional<Checkpoint> vouching = steps.reversed().stream()
                .flatMap(step -> checkpoints.whole(step).stream())
                .filter(checkpoint -> checkpoint.metrics().isPresent())
                .findFirst();
        if (vouching.isPresent()) {
            MetricsPart.unlike(run, vouching.get()).ifPresent(this::remark);
        }
        long told = made.knowsChanges() ? Status.last(run).step() : 0;
        Witness.Noted noted = witness.noted(Math.max(told, steps.isEmpty() ? 0 : steps.getLast()));
        noted.lacking()
                .ifPresent(gaps -> remark(witness.file() + " has no line of steps that the run made, " + gaps
                        + ": what they measured is not compared"));
        long known = Math.max(to, vouching.map(Checkpoint::step).orElse(0L));
        if (noted.last() > known) {
            remark("no checkpoint vouches for what " + witness.file() + " says of the steps " + (known + 1) + " to "
                    + noted.last() + ", and they are not taken again: --to " + noted.last() + " compares them");
        }
    }

    /** @param scratch keeps what one part leaves to the next */
    private void parts(Checkpoints scratch, long from, long to) throws IOException {
        Optional<Checkpoint> start = from == 0 ? Optional.empty() : Optional.of(checkpoints.read(Optional.of(from)));
        while (reached < to && differences.isEmpty()) {
            long end = made.nextChange(reached).filter(step -> step < to).orElse(to);
            part(start, from, end, to, scratch);
            start = scratch.whole(end);
        }
    }

    /** Keeps what a part leaves. */
    private static void keep(Workbench bench, Checkpoints scratch, long step) throws IOException {
        JsonObject more = new JsonObject();
        more.add(Checkpoints.FROZEN, bench.frozen());
        bench.tokenizer().ifPresent(known -> more.addProperty(Checkpoints.TOKENIZER, known.state()));
        scratch.write(step, bench.state().snapshot(), new MetricsSeal(0, 0, ""), more);
    }

    /** Steps between which nothing was changed. */
    private void part(Optional<Checkpoint> start, long from, long end, long to, Checkpoints scratch)
            throws IOException {
        ExperimentFile file = made.at(reached);
        made.backend().ifPresent(backend -> file.set("backend", backend));
        Workshop.changed(file, options);
        Leases leases = workshop.leases(made.seats(), made.seatsAt(reached), options, client);
        Optional<Past> past = start.map(checkpoint -> Past.of(checkpoint, checkpoints));
        try (Workbench bench = workshop.workbench(file, options, leases, past, true, client)) {
            bench.ledger().lines().stream()
                    .map(Line::silence)
                    .filter(silence -> silence.kind() == Ledger.Kind.UNVERIFIED)
                    .forEach(silence -> client.warn(silence.toString()));
            start.ifPresent(checkpoint -> bench.withTokenizer(checkpoint.tokenizer()));
            if (bench.steps() < end) {
                throw InputError.of(
                        "the run ends after step " + bench.steps() + ", but --to " + end + " is asked for",
                        "./kolotoc replay " + Printable.word(run) + " --to " + bench.steps());
            }
            MemoryPlan.of(bench, options.memory()).require(bench);
            InstalledBundles installed = workshop.installed();
            OtherCode.of(run, leases, installed, bench.backend()).forEach(this::remark);
            made.seats().changes(made.seatsAt(reached), leases, installed).forEach(change -> remark(change.toString()));
            new Steps(bench, client).take(reached, end, (step, measures) -> {
                listener.reached(step, from, to);
                taken(bench, step, measures, step == end);
                if (step == end && end < to) {
                    keep(bench, scratch, end);
                }
            });
        } catch (Ended _) {
            // What differs is noted.
        }
    }

    private void remark(String what) {
        if (!remarks.contains(what)) {
            remarks.add(what);
        }
    }

    /** Enough is known. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("", null, false, false);
        }
    }

    /** What a step measured, without its cost where an older version wrote the line, which did not count it. */
    private static Map<String, Double> counted(Map<String, Double> recorded, Map<String, Double> measures) {
        Map<String, Double> counted = new LinkedHashMap<>(measures);
        if (!recorded.containsKey(Costs.STEP)) {
            counted.remove(Costs.STEP);
        }
        return counted;
    }

    private void taken(Workbench bench, long step, Map<String, Double> measures, boolean last) throws IOException {
        reached = step;
        Optional<Map<String, Double>> recorded = witness.of(step);
        boolean hasState = checkpoints.steps().contains(step);
        if (differences.isEmpty()) {
            recorded.flatMap(line -> Difference.ofMeasures(step, line, counted(line, measures)))
                    .ifPresent(differences::add);
        }
        if (hasState || last || every > 0 && step % every == 0) {
            Map<String, String> hashes = bench.state().snapshot().hashes();
            points.add(new Outcome.Point(step, hashes));
            if (hasState) {
                Map<String, String> state =
                        checkpoints.read(Optional.of(step)).snapshot().hashes();
                Optional<Difference> differing = Difference.ofStates(step, state, hashes);
                if (differing.isEmpty() && !differences.isEmpty()) {
                    remarks.add(
                            "the states are equal after step " + step + ": what differs is what was measured alone");
                }
                differing.ifPresent(differences::add);
                if (!differences.isEmpty()) {
                    throw new Ended();
                }
            }
        }
        if (differences.isEmpty() && (recorded.isPresent() || hasState)) {
            compared = Optional.of(step);
        }
    }
}
