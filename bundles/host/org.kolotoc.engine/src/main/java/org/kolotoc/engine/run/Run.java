package org.kolotoc.engine.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.check.Warnings;
import org.kolotoc.engine.folder.MetricsLog;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.judge.Verdict;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.open.Start;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.progress.Screen;
import org.kolotoc.engine.report.Report;
import org.kolotoc.engine.state.Checkpoints;

/**
 * One run in its folder: the steps, the verdict, the report, and what {@code run.json} says of how it ended.
 *
 * @param provenance what a checkpoint says of its origin
 * @param stop whether to end at the next step
 * @param screen where it prints
 */
record Run(
        Workbench bench,
        RunFolder folder,
        Status status,
        MetricsLog log,
        Measured measured,
        JsonObject provenance,
        BooleanSupplier stop,
        Screen screen,
        Options options) {
    /** No exit code: the run was saved, and goes on once it was shown that it can. */
    static final int UNPROVED = -1;

    static void warn(String what) {
        System.err.println("warning: " + what);
    }

    /**
     * Takes all steps.
     *
     * @param predicted bytes of memory
     * @return the exit code, or {@link #UNPROVED}
     */
    int drive(Start start, long predicted) throws IOException {
        List<String> warnings = Warnings.of(bench.experiment(), bench.seating().phases());
        if (!warnings.isEmpty()) {
            warn(String.join("; ", warnings));
        }
        boolean silent = options.quiet() || options.json();
        Verdict verdict;
        try (Progress progress = new Progress(System.out, screen, bench.steps(), silent, bench.backend()::compiling)) {
            progress.say(
                    bench.experiment().name() + ", seed " + bench.experiment().seed() + ", "
                            + bench.backend().id() + ": "
                            + bench.backend().device() + "\nmemory predicted: " + MemoryPlan.text(predicted) + "\n"
                            + (start.goesOn() ? "goes on after step " + start.step() + " in " : "writes ")
                            + folder.path());
            status.on(start.step(), bench.backend());
            status.measures(bench.measures());
            status.write(Status.State.RUNNING, start.step());
            Note.begin(folder.path());
            Runner runner = new Runner(bench, folder, log, measured, progress, provenance, stop);
            Runner.End end = runner.run(start);
            if (!end.complete()) {
                status.write(Status.State.STOPPED, end.step());
                progress.end();
                if (end.unproved()) {
                    return UNPROVED;
                }
                System.err.println("stopped and saved after step " + end.step() + "; go on: ./kolotoc run --resume "
                        + folder.path());
                return ExitCode.INTERRUPTED.code();
            }
            verdict = runner.judge();
            bench.requireUnchangedData();
        } catch (Stopped _) {
            status.write(Status.State.STOPPED, bench.steps());
            System.err.println("stopped before the verdict; all steps are saved, it is made by: ./kolotoc run --resume "
                    + folder.path());
            return ExitCode.INTERRUPTED.code();
        } catch (Divergence e) {
            return diverged(e);
        }
        folder.write(RunFolder.VERDICT, verdict.json());
        long peak = bench.backend().memory().peak();
        status.memory(predicted, peak);
        status.write(Status.State.FINISHED, bench.steps());
        Report.write(folder.path());
        if (options.json()) {
            System.out.println(verdict.json());
        } else {
            System.out.println(verdict.table());
            if (peak > 0) {
                System.out.println(
                        "memory held at most: " + MemoryPlan.text(peak) + ", predicted " + MemoryPlan.text(predicted));
            }
            System.out.println("report: " + folder.path().resolve(RunFolder.REPORT));
        }
        return switch (verdict.outcome()) {
            case MET, NONE -> ExitCode.DONE.code();
            case NOT_MET, VOID -> ExitCode.FAILED.code();
        };
    }

    /** Says what a person can do with a run that goes nowhere; its checkpoints are from before. */
    private int diverged(Divergence e) throws IOException {
        status.write(Status.State.DIVERGED, e.step(), e.getMessage());
        Report.write(folder.path());
        List<Long> steps = new Checkpoints(folder.path()).steps();
        System.err.println("kolotoc: " + e.getMessage());
        System.err.println(
                "  do: the same settings end the same way, so begin a run with others, such as a lower learning"
                        + " rate: ./kolotoc run " + folder.path().resolve(RunFolder.EXPERIMENT)
                        + " --set <setting>=<value>"
                        + (steps.isEmpty()
                                ? ""
                                : "; the newest checkpoint, of step " + steps.getLast()
                                        + ", is from before: ./kolotoc sample " + folder.path()));
        return ExitCode.DIVERGED.code();
    }
}
