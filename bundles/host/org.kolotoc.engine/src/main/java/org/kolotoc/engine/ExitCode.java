package org.kolotoc.engine;

/** What a command tells who started it; part of the table in {@code ./kolotoc --help}. */
public enum ExitCode {
    DONE(0),
    FAILED(1),
    BAD_INPUT(2),
    DEFECT(3),
    DIVERGED(4),
    CUT_OFF(5),
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
