package org.kolotoc.engine.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.MemoryPlan;
import org.kolotoc.engine.Options;
import org.kolotoc.engine.Workbench;
import org.kolotoc.engine.progress.Screen;
import org.kolotoc.engine.report.Report;
import org.kolotoc.engine.seat.PluginFailure;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.verdict.Verdict;
import org.kolotoc.tensor.DeviceFailure;

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
        MetricsLog log,
        Measured measured,
        JsonObject provenance,
        BooleanSupplier stop,
        Screen screen,
        Options options) {
    private static final int MET = 0;
    private static final int NOT_MET = 1;
    private static final int DIVERGED = 4;
    private static final int INTERRUPTED = 130;

    static void warn(String what) {
        System.err.println("warning: " + what);
    }

    /**
     * Takes all steps from one on.
     *
     * @param first 0, or that of a checkpoint
     * @param undone the measures of that step, if what is due after it is still to be done
     * @param predicted bytes of memory
     * @return the exit code
     */
    int drive(long first, Optional<Map<String, Double>> undone, long predicted) throws IOException {
        List<String> warnings = Warnings.of(bench);
        if (!warnings.isEmpty()) {
            warn(String.join("; ", warnings));
        }
        Status status = new Status(folder);
        boolean silent = options.quiet() || options.json();
        Verdict verdict;
        try (Progress progress = new Progress(System.out, screen, bench.steps(), silent, bench.backend()::compiling)) {
            progress.say(
                    bench.experiment().name() + ", seed " + bench.experiment().seed() + ", "
                            + bench.backend().id() + ": "
                            + bench.backend().device() + "\nmemory predicted: " + MemoryPlan.text(predicted) + "\n"
                            + (first == 0 ? "writes " : "goes on after step " + first + " in ")
                            + folder.path());
            status.on(first, bench.backend());
            status.write("running", first);
            Runner runner = new Runner(bench, folder, log, measured, progress, provenance, stop);
            Runner.End end = runner.run(first, undone);
            log.flush();
            if (!end.complete()) {
                status.write("stopped", end.step());
                progress.end();
                System.err.println("stopped and saved after step " + end.step() + "; go on: ./kolotoc run --resume "
                        + folder.path());
                return INTERRUPTED;
            }
            verdict = runner.judge();
            bench.requireUnchangedData();
        } catch (Stopped _) {
            status.write("stopped", bench.steps());
            System.err.println("stopped before the verdict; all steps are saved, it is made by: ./kolotoc run --resume "
                    + folder.path());
            return INTERRUPTED;
        } catch (DeviceFailure | PluginFailure e) {
            log.flush();
            throw failed(e, status);
        } catch (Divergence e) {
            log.flush();
            return diverged(e, status);
        }
        folder.write("verdict.json", verdict.json());
        long peak = bench.backend().memory().peak();
        status.memory(predicted, peak);
        status.write("finished", bench.steps());
        Report.write(folder.path());
        if (options.json()) {
            System.out.println(verdict.json());
        } else {
            System.out.println(verdict.table());
            if (peak > 0) {
                System.out.println(
                        "memory held at most: " + MemoryPlan.text(peak) + ", predicted " + MemoryPlan.text(predicted));
            }
            System.out.println("report: " + folder.path().resolve("report.html"));
        }
        return switch (verdict.outcome()) {
            case MET, NONE -> MET;
            case NOT_MET, VOID -> NOT_MET;
        };
    }

    /** Says what a person can do with a run that goes nowhere; its checkpoints are from before. */
    private int diverged(Divergence e, Status status) throws IOException {
        status.write("diverged", e.step());
        Report.write(folder.path());
        List<Long> steps = new Checkpoints(folder.path()).steps();
        System.err.println("kolotoc: " + e.getMessage());
        System.err.println(
                "  do: the same settings end the same way, so begin a run with others, such as a lower learning"
                        + " rate: ./kolotoc run " + folder.path().resolve("experiment.json")
                        + " --set <setting>=<value>"
                        + (steps.isEmpty()
                                ? ""
                                : "; the newest checkpoint, of step " + steps.getLast()
                                        + ", is from before: ./kolotoc sample " + folder.path()));
        return DIVERGED;
    }

    /** What a failure means for the run: it goes on from its newest checkpoint, wherever that is read. */
    private InputError failed(RuntimeException e, Status status) throws IOException {
        List<Long> steps = new Checkpoints(folder.path()).steps();
        status.write("stopped", steps.isEmpty() ? 0 : steps.getLast());
        boolean device = e instanceof DeviceFailure;
        return InputError.of(
                e.getMessage(),
                steps.isEmpty()
                        ? "the run had no checkpoint yet; "
                                + (device
                                        ? "run it on the processor: --backend cpu, with another --out"
                                        : "mend the plugin or take another one, then begin anew")
                        : device
                                ? "go on after step " + steps.getLast() + " on the processor: ./kolotoc run --resume "
                                        + folder.path() + " --backend cpu"
                                : "mend the plugin or take another one, then go on after step " + steps.getLast()
                                        + ": ./kolotoc run --resume " + folder.path(),
                e);
    }
}
