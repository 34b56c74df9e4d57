package org.kolotoc.data.chat;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.data.verse.Form;

/** How many verses somebody puts in order, and how often they err. */
public record VersePairsSettings(
        @Help("decides what is compared; -1 takes the run's seed") @Range(min = -1) @Default("1")
        long seed,

        @Help("share of the couplets that rhyme, and of the lines that scan, in what is compared")
        @Range(min = 0, max = 1)
        @Default("0.5")
        double skill,

        @Help("which lines belong together, to rhyme if they do") @Default("[\"aabb\", \"abab\", \"abba\"]")
        List<Form> forms,

        @Help("verses about the same animals, which are put in order; equally good ones stand by lot")
        @Range(min = 2, max = 9)
        @Default("2")
        int answers,

        @Help("bits that may be said in training: one for each comparison of two verses, less where there is noise")
        @Range(min = 1, max = 1e7)
        @Default("2000")
        double bits,

        @Help("share of comparisons that come out the wrong way round") @Range(min = 0, max = 0.49) @Default("0")
        double noise,

        @Help("share of the pairs of animals that are asked for in the validation part alone")
        @Range(min = 0.05, max = 0.5)
        @Default("0.25")
        double heldOut,

        @Help("orders that are held out, of the pairs of animals that are")
        @Range(min = 1, max = 100_000)
        @Default("300")
        int heldOutOrders,

        @Default("{}") ChatTemplate template,
        @Default("{}") Lengths lengths)
        implements Written {}
