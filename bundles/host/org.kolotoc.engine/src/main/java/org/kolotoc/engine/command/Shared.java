package org.kolotoc.engine.command;

/** Options that several commands take and mean alike. */
public enum Shared {
    SET("--set", "<path>=<value>", "changes the experiment: --set phases.0.steps=200 (repeatable)"),
    SEED("--seed", "<number>", "another seed"),
    OUT("--out", "<folder>", "where the run is written; runs/<name>-<seed>-<time> if not given"),
    DATA("--data", "<folder>", "where data files are looked for first"),
    BACKEND(
            "--backend",
            "<id>",
            "auto, cpu, reference, tornado, or a device that ./kolotoc devices lists: tornado:opencl:0"),
    THREADS("--threads", "<number>", "threads of the cpu backend; all processors if not given"),
    RESUME("--resume", "<folder>", "goes on with a run from its newest checkpoint"),
    FROM("--from", "<step>", "takes the checkpoint of that step; the newest if not given"),
    MEMORY("--memory", "<size>", "bytes a run may take at most, as 4g or 900m; what there is if not given"),
    PATIENCE(
            "--patience",
            "<seconds>",
            "how long a plugin may keep a run waiting at least before it counts as hanging: 120 if not given, 0 for"
                    + " ever"),
    ISOLATED("--isolated", "", "runs in a process of its own: what ends that, or crashes it, does not reach the host"),
    TRUST(
            "--trust",
            "",
            "lets plugins run that came with the run folder and were never run here, or broke in that run before"),
    DOWNLOAD("--download", "", "lets missing public data be fetched, checksum checked"),
    JSON("--json", "", "JSON instead of text"),
    QUIET("--quiet", "", "no progress");

    private final String option;
    private final String value;
    private final String help;

    Shared(String option, String value, String help) {
        this.option = option;
        this.value = value;
        this.help = help;
    }

    /** As it is typed. */
    public String option() {
        return option;
    }

    String value() {
        return value;
    }

    String help() {
        return help;
    }
}
