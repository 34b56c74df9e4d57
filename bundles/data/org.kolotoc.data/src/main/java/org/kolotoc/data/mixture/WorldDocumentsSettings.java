package org.kolotoc.data.mixture;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How much is told, and how well. */
public record WorldDocumentsSettings(
        @Help("decides what is told") @Range(min = 0) long seed,

        @Help("decides the world") @Range(min = 0) @Default("1")
        long world,

        @Help("how many people live there") @Range(min = 2, max = 40) @Default("24")
        int people,

        @Help("characters of all documents, one between two of them") @Range(min = 100, max = 100_000_000)
        int characters,

        @Help("most paragraphs of a document; as many, or fewer, are equally likely")
        @Range(min = 1, max = 10_000)
        @Default("4")
        int paragraphs,

        @Help("share of the characters in whose place is another") @Range(min = 0, max = 1) @Default("0")
        double spoilt) {}
