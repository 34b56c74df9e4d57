package org.kolotoc.engine.suite;

import java.util.Locale;

/**
 * What became of an experiment of a suite.
 *
 * @param experiment name of its file, without the ending
 * @param seconds that it took, over all times that it was gone on with
 * @param run folder of its run, in the suite's; empty where none was begun
 * @param key hash of the experiment with what the command line changes in it
 * @param reason why it was not evaluated, or ended before its time; else empty
 */
public record Row(String experiment, State state, double seconds, String run, String key, String reason) {
    /** In which ways an experiment may end. */
    public enum State {
        MET,
        NOT_MET,
        /** Met by the run and by a control, so it proves nothing. */
        VOID,
        /** It has no criteria. */
        NONE,
        /** What is missing or broken kept it from being judged, or somebody stopped it: the next time it is tried again. */
        NOT_EVALUATED;

        /** In words. */
        public String label() {
            return this == NONE
                    ? "no criteria"
                    : name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        /** Whether the suite is well with it. */
        public boolean isWell() {
            return this == MET || this == NONE;
        }
    }
}
