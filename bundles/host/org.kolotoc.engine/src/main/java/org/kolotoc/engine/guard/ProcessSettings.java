package org.kolotoc.engine.guard;

import java.io.PrintStream;
import java.util.Locale;
import java.util.TimeZone;

/**
 * What any code can set for a whole process: what was there when the host began is put back after each call into a plugin.
 * System properties are not: too many of them may change with reason.
 */
public record ProcessSettings(
        Locale locale, TimeZone zone, PrintStream out, PrintStream err, Thread.UncaughtExceptionHandler uncaught) {
    /** As they are now. */
    public static ProcessSettings now() {
        return new ProcessSettings(
                Locale.getDefault(),
                TimeZone.getDefault(),
                System.out,
                System.err,
                Thread.getDefaultUncaughtExceptionHandler());
    }

    public void putBack() {
        if (!Locale.getDefault().equals(locale)) {
            Locale.setDefault(locale);
        }
        if (!TimeZone.getDefault().equals(zone)) {
            TimeZone.setDefault(zone);
        }
        if (System.out != out) {
            System.setOut(out);
        }
        if (System.err != err) {
            System.setErr(err);
        }
        if (Thread.getDefaultUncaughtExceptionHandler() != uncaught) {
            Thread.setDefaultUncaughtExceptionHandler(uncaught);
        }
    }
}
