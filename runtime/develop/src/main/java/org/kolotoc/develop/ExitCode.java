package org.kolotoc.develop;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What {@code ./kolotoc} tells the process that started it. The engine has the same table for its commands; the script
 * gives the code for a process that did not reach its own end.
 */
public enum ExitCode {
    DONE(0, "done; of run: the criteria were met, or there were none"),
    FAILED(1, "criteria not met, or void because controls meet them; a check or a test failed"),
    BAD_INPUT(2, "bad input; a device or a plugin at fault; the sources do not build"),
    DEFECT(3, "a defect of the program"),
    DIVERGED(4, "the run diverged: a loss or a norm was not finite"),
    CUT_OFF(5, "the process ended before the program's own end: ended by a plugin, crashed, or not started"),
    HUNG_UP(129, "ended by SIGHUP; a run was saved"),
    INTERRUPTED(130, "ended by Ctrl-C; a run was saved"),
    TERMINATED(143, "ended by SIGTERM; a run was saved");

    /**
     * System property with a number that the script draws: the process ends with this number more, for codes below 128,
     * so that no other end looks like one of the program's own.
     */
    public static final String END = "kolotoc.end";

    private static final int SIGNALS = 128;

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    /** For a person. */
    public String meaning() {
        return meaning;
    }

    /** What the process has to end with for the script to hand on this code. */
    public static int raw(int code) {
        return code < SIGNALS ? Integer.getInteger(END, 0) + code : code;
    }

    /** The table, a line a code, for {@code --help}. */
    public static String table() {
        return Arrays.stream(values())
                .map(one -> String.format("  %3d  %s%n", one.code, one.meaning))
                .collect(Collectors.joining());
    }
}
