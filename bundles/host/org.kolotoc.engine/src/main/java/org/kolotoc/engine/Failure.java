package org.kolotoc.engine;

import java.io.IOException;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.isolate.ProcessDeath;
import org.kolotoc.tensor.DeviceFailure;

/**
 * What ended a command, as people are told it: what they did wrong as well as what broke.
 *
 * @param next what to do; empty where nobody knows
 */
public record Failure(ExitCode code, String what, String next) {
    private static final String FILES =
            "see that it is there, may be read and written, and has room; then type the command again";

    /** Of whatever was thrown. */
    public static Failure of(Throwable thrown) {
        return switch (thrown) {
            case Stopped _ ->
                new Failure(
                        ExitCode.INTERRUPTED, "stopped before anything was written; the same command begins again", "");
            case InputError e -> new Failure(ExitCode.BAD_INPUT, e.getMessage(), e.next());
            case IOException e ->
                new Failure(ExitCode.BAD_INPUT, "a file can't be read or written: " + Printable.reason(e), FILES);
            case PluginFailure e ->
                new Failure(
                        ExitCode.BAD_INPUT,
                        e.getMessage(),
                        "mend the plugin or leave it out; ./kolotoc list shows what is plugged in");
            case ProcessDeath e -> new Failure(ExitCode.CUT_OFF, e.getMessage(), e.next());
            case DeviceFailure e ->
                new Failure(ExitCode.BAD_INPUT, e.getMessage(), "--backend cpu; ./kolotoc devices tests each device");
            default ->
                new Failure(
                        ExitCode.DEFECT,
                        "this should not have happened: " + thrown,
                        "run it again with --debug and report what it prints");
        };
    }

    /** The lines that people read; parts of them may come from anywhere. */
    public String text() {
        if (code == ExitCode.INTERRUPTED) {
            return what;
        }
        return "kolotoc: " + Printable.lines(what) + (next.isEmpty() ? "" : "\n  do: " + Printable.lines(next));
    }
}
