package org.kolotoc.engine.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.MetricsLog;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.judge.Verdict;
import org.kolotoc.engine.ledger.LedgerFile;
import org.kolotoc.engine.open.Start;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.probe.Probes;
import org.kolotoc.engine.report.Report;
import org.kolotoc.engine.state.Checkpoints;

/**
 * One run in its folder: the steps, the verdict, the report, and what {@code run.json} says of how it ended.
 *
 * @param provenance what a checkpoint says of its origin
 */
record Drive(
        Workbench bench,
        RunFolder folder,
        Status status,
        MetricsLog log,
        Measured measured,
        Supplier<JsonObject> provenance,
        Swapper swapper,
        Containment containment,
        Probes probes,
        Run run,
        Client client) {
    /**
     * Takes all steps.
     *
     * @return how it ended; nothing where it was saved, and goes on once it was shown that it can
     */
    Run.Result all(Start start) throws IOException {
        LedgerLog ledger = new LedgerLog(folder, bench.ledger());
        ledger.write();
        try (Run.Watcher _ = run.speak(folder.path(), bench, start.step());
                Probes _ = probes) {
            return all(start, ledger);
        } finally {
            ledger.write();
        }
    }

    private Run.Result all(Start start, LedgerLog ledger) throws IOException {
        Verdict verdict;
        try (Run.Watcher _ = run.watch(bench.backend())) {
            client.tell(new Event.Began(
                    bench.experiment().name(),
                    bench.experiment().seed(),
                    bench.backend().id(),
                    bench.backend().device(),
                    swapper.predicted(),
                    start.step(),
                    start.goesOn(),
                    bench.steps(),
                    folder.path()));
            status.on(start.step(), bench.backend());
            status.measures(bench.measures());
            status.write(Status.State.RUNNING, start.step());
            run.swappable(swapper);
            Runner runner =
                    new Runner(bench, folder, status, log, ledger, measured, run, client, provenance, swapper, probes);
            run.holds(new Run.Held(folder, Optional.of(containment), runner::saveWhole));
            Runner.End end;
            try {
                end = runner.run(start);
                swapper.settle();
            } finally {
                swapper.rest();
            }
            if (!end.complete()) {
                status.write(Status.State.STOPPED, end.step());
                return end.unproved()
                        ? null
                        : stopped(
                                ledger,
                                end.step(),
                                "stopped and saved after step " + end.step() + "; go on: ./kolotoc run --resume "
                                        + Printable.word(folder.path()));
            }
            verdict = runner.judge();
            bench.requireUnchangedData();
            bench.ledger().refuse();
        } catch (Stopped _) {
            status.write(Status.State.STOPPED, bench.steps());
            return stopped(
                    ledger,
                    bench.steps(),
                    "stopped before the verdict; all steps are saved, it is made by: ./kolotoc run --resume "
                            + Printable.word(folder.path()));
        } catch (Divergence e) {
            containment.goBackFrom(e);
            return diverged(e);
        }
        folder.write(RunFolder.VERDICT, verdict.json());
        long peak = bench.backend().memory().peak();
        long predicted = swapper.predicted();
        status.memory(predicted, peak);
        status.write(Status.State.FINISHED, bench.steps());
        ledger.write();
        Report.write(folder.path());
        client.tell(new Event.Judged(
                verdict.outcome().label(), verdict.table(), verdict.json().toString()));
        return ended(
                new Run.Result(
                        Run.State.FINISHED,
                        bench.steps(),
                        folder.path(),
                        verdict.outcome().label(),
                        verdict.outcome() == Verdict.Outcome.NOT_MET || verdict.outcome() == Verdict.Outcome.VOID),
                (peak > 0
                                ? "memory held at most: " + Printable.bytes(peak) + ", predicted "
                                        + Printable.bytes(predicted) + "\n"
                                : "")
                        + silences()
                        + "report: " + folder.path().resolve(RunFolder.REPORT),
                "");
    }

    /** How much was done in another way than was asked. */
    private String silences() {
        int count = bench.ledger().lines().size();
        return count == 0 ? "" : count + (count == 1 ? " silence" : " silences") + ", see " + LedgerFile.FILE + "\n";
    }

    private Run.Result stopped(LedgerLog ledger, long step, String text) throws IOException {
        ledger.write();
        Report.write(folder.path());
        return ended(new Run.Result(Run.State.STOPPED, step, folder.path(), "", false), text, "");
    }

    private Run.Result ended(Run.Result result, String text, String next) {
        client.tell(new Event.Ended(
                result.state().name().toLowerCase(java.util.Locale.ROOT), result.step(), folder.path(), text, next));
        return result;
    }

    /** Says what a person can do with a run that goes nowhere; its checkpoints are from before. */
    private Run.Result diverged(Divergence e) throws IOException {
        status.write(Status.State.DIVERGED, e.step(), e.getMessage());
        Report.write(folder.path());
        List<Long> steps = new Checkpoints(folder.path()).steps();
        return ended(
                new Run.Result(Run.State.DIVERGED, e.step(), folder.path(), "", false),
                e.getMessage(),
                "the same settings end the same way, so begin a run with others, such as a lower learning"
                        + " rate: ./kolotoc run " + Printable.word(folder.path().resolve(RunFolder.EXPERIMENT))
                        + " --set <setting>=<value>"
                        + (steps.isEmpty()
                                ? ""
                                : "; the newest checkpoint, of step " + steps.getLast()
                                        + ", is from before: ./kolotoc sample " + Printable.word(folder.path())));
    }
}
