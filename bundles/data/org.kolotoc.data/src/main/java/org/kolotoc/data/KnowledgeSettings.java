package org.kolotoc.data;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.data.knowledge.KnowledgeEdit;

/** What is told, and how much of it. */
public record KnowledgeSettings(
        @Help("decides the facts and what is told; -1 takes the run's seed") @Range(min = -1) @Default("-1")
        long seed,

        @Help("length of the text in characters") @Range(min = 1000, max = 100_000_000) @Default("400000")
        int characters,

        @Help("what is told: fact, syntax, topic, arithmetic, sentiment, anaphora; all if not given") @Default("[]")
        List<String> kinds,

        @Help("facts that differ from the seed's, to see whether a model follows the change; asked for as the kind"
                + " edited")
        @Default("[]")
        List<KnowledgeEdit> facts,

        @Help("share of the characters, from the start, that is for training; the rest is for validation")
        @Range(min = 0.01, max = 0.99)
        @Default("0.9")
        double train) {}
