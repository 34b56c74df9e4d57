package org.kolotoc.data.chat;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;

/** Which questions, and how good their answers are. */
public record QuestionsSettings(
        @Default("{}") WorldChoice world,

        @Help("exchanges for training, drawn from all there are; 0 takes all")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int count,

        @Help("share of the answers for training that are about what was asked, but not true")
        @Range(min = 0, max = 1)
        @Default("0")
        double wrong,

        @Help("share of the answers for training that are true, but not what was asked")
        @Range(min = 0, max = 1)
        @Default("0")
        double beside,

        @Default("{}") ChatTemplate template,
        @Default("{}") Lengths lengths) {}
