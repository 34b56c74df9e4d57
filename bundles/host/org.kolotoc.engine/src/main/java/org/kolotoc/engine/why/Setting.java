package org.kolotoc.engine.why;

/**
 * A value of an experiment and who set it.
 *
 * @param path as {@code --set} takes it: {@code phases.pretrain.learningRate}
 * @param place JSON path: {@code $.phases[0].learningRate}
 * @param value as JSON
 * @param kind who set it
 * @param by the same in words, with the place
 * @param help what it is, in a line; empty where nobody says
 */
public record Setting(String path, String place, String value, Kind kind, String by, String help) {
    /** Who sets values. */
    public enum Kind {
        /** The experiment's file. */
        FILE,
        /** An option of the command line. */
        FLAG,
        /** An option of the command that a run went on with. */
        CHANGE,
        /** Nobody, so a plugin's own settings say. */
        PLUGIN,
        /** Nobody, so the experiment's own rules say. */
        ENGINE
    }
}
