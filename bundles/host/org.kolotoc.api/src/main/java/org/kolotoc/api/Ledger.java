package org.kolotoc.api;

import java.util.Locale;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where it is said that something else is done than was asked for. What nobody is told of a run would be a silence: a setting
 * that changes nothing, a text that was cut, another kernel than the fast one. Each is a line of the run's {@code
 * ledger.jsonl}; equal ones are counted. A strict experiment ends at the first.
 */
@ProviderType
@FunctionalInterface
public interface Ledger {
    /** A ledger of which nobody reads a line. */
    Ledger NONE = (kind, field, sentence) -> {};

    /** What was done. */
    enum Kind {
        /** Another way was taken than the best, or the one that was asked for. */
        FALLBACK,
        /** A setting changes nothing. */
        NO_EFFECT,
        /** Only a part was taken: of a text, a prompt, a window. */
        TRUNCATED,
        /** Something was left out: examples, a measure, a check. */
        SKIPPED,
        /** Another value holds than the setting says. */
        CHANGED_DEFAULT,
        /** Numbers have fewer digits than was asked for. */
        LOST_PRECISION,
        /** Other code runs than the code that a run was begun with. */
        OTHER_CODE,
        /** What has to be so can't be checked. */
        UNVERIFIED;

        /** As it is written: {@code no-effect}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Notes a line; while something is prepared where it is known by then, so that a strict run ends before it computes.
     *
     * @param field component of the settings that it is about, or the way to it; empty for all of them
     * @param sentence what is done, with the values, for a person
     */
    void note(Kind kind, String field, String sentence);

    /** The same ledger for a seat inside the settings. */
    default Ledger below(String field) {
        return (kind, inner, sentence) -> note(kind, inner.isEmpty() ? field : field + "." + inner, sentence);
    }
}
