package org.kolotoc.data.chat;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTokens;

/** How long questions and answers may be. */
public record Lengths(
        @Help("most tokens of a prompt, marks included; a longer question is cut")
        @Range(min = 1, max = 1_000_000)
        @Default("256")
        int prompt,

        @Help("most tokens of an answer and what ends it; exchanges with longer ones are left out")
        @Range(min = 2, max = 1_000_000)
        @Default("256")
        int answer,

        @Help("which end of a question that is too long goes") @Default("\"left\"")
        ChatTokens.Cut cut) {}
