package org.kolotoc.data.chat;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.data.verse.Form;

/** How many verses an author writes, and how well. */
public record VersesSettings(
        @Help("decides what is written; -1 takes the run's seed") @Range(min = -1) @Default("1")
        long seed,

        @Help("share of the couplets that rhyme, and of the lines that scan") @Range(min = 0, max = 1) @Default("0.5")
        double skill,

        @Help("which lines belong together, to rhyme if they do") @Default("[\"aabb\", \"abab\", \"abba\"]")
        List<Form> forms,

        @Help("verses for training") @Range(min = 1, max = 1_000_000) @Default("1000")
        int count,

        @Help("bits for which the author goes on writing after these verses: the binary logarithm of how unlikely each"
                + " is, about 50 for one; 0 for none")
        @Range(min = 0, max = 1e9)
        @Default("0")
        double bits,

        @Help("share of the pairs of animals that are asked for in the validation part alone")
        @Range(min = 0.05, max = 0.5)
        @Default("0.25")
        double heldOut,

        @Help("verses that are held out, about the pairs of animals that are, in turn")
        @Range(min = 1, max = 100_000)
        @Default("200")
        int heldOutVerses,

        @Default("{}") ChatTemplate template,
        @Default("{}") Lengths lengths)
        implements Written {}
