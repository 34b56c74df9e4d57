package org.kolotoc.engine.run;

import java.io.IOException;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.tensor.DeviceFailure;

/** Notes in a run's folder what ended the run before its time, whatever it was, and says how to go on. */
record Ending(RunFolder folder, Status status, Measured measured) {
    /** The run itself. */
    @FunctionalInterface
    interface Work {
        Run.Result run() throws IOException;
    }

    /** Runs it; what ends it goes on its way. */
    Run.Result noted(Work run) {
        try {
            return run.run();
        } catch (GoBack e) {
            // It was noted, and goes on.
            throw e;
        } catch (DeviceFailure | PluginFailure e) {
            note(e.getMessage(), e);
            throw failed(e);
        } catch (IOException e) {
            InputError error = RunFolder.unwritable(folder.path(), e);
            note(error.getMessage(), e);
            throw error;
        } catch (InputError e) {
            note(e.getMessage(), e);
            throw e;
        } catch (RuntimeException | Error e) {
            note(e.toString(), e);
            throw e;
        }
    }

    private void note(String reason, Throwable e) {
        try {
            status.failed(measured.made(), reason);
        } catch (IOException | InputError also) {
            e.addSuppressed(also);
        }
    }

    /** What a failure means for the run: it goes on from its newest checkpoint, wherever that is read. */
    private InputError failed(RuntimeException e) {
        List<Long> steps = new Checkpoints(folder.path()).steps();
        boolean device = e instanceof DeviceFailure;
        if (steps.isEmpty()) {
            return InputError.of(
                    e.getMessage(),
                    "the run had no checkpoint yet; "
                            + (device
                                    ? "run it on the processor: --backend cpu, with another --out; or begin anew, once"
                                            + " the device does again what it should"
                                    : "mend the plugin or take another one, then begin anew"),
                    e);
        }
        long saved = steps.getLast();
        String resume = "./kolotoc run --resume " + Printable.word(folder.path());
        return device
                ? InputError.of(
                        e.getMessage() + "\nthe run had taken " + measured.made()
                                + (measured.made() == 1 ? " step" : " steps") + ", its newest checkpoint is of step "
                                + saved,
                        "go on after step " + saved + " on the processor: " + resume
                                + " --backend cpu; or, once the device" + " does again what it should: " + resume
                                + " --backend " + status.backend(),
                        e)
                : InputError.of(
                        e.getMessage(),
                        "mend the plugin or take another one, then go on after step " + saved + ": " + resume,
                        e);
    }
}
