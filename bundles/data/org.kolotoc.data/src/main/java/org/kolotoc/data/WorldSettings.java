package org.kolotoc.data;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** A made-up world and how much is told of it. */
public record WorldSettings(
        @Help("decides the world and what is told; -1 takes the run's seed") @Range(min = -1) @Default("1")
        long seed,

        @Help("length of the text in characters") @Range(min = 1000, max = 100_000_000) @Default("300000")
        int characters,

        @Help("how many people live there") @Range(min = 2, max = 40) @Default("24")
        int people,

        @Help("facts that differ from the seed's, to see whether a model follows the change") @Default("[]")
        List<Edit> facts,

        @Help("share of the characters, from the start, that is for training; the rest is for validation")
        @Range(min = 0.01, max = 0.99)
        @Default("0.9")
        double train) {

    /** A fact set by hand. */
    public record Edit(
            @Help("a person of the world: Anna") String person,
            @Help("home, job, food or animal") String relation,
            @Help("what holds instead: Millford") String value) {}
}
