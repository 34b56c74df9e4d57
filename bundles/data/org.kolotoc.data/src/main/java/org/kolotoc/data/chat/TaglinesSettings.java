package org.kolotoc.data.chat;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.data.tagline.Taglines;

/** How taglines are asked for. */
public record TaglinesSettings(
        @Help("instruction: what to do is said; beginning: a document begins in which the tagline would come next")
        @Default("\"instruction\"")
        Taglines.Prompt prompt,

        @Help("decides the taglines; -1 takes the run's seed") @Range(min = -1) @Default("1")
        long seed,

        @Help("how a prompt and a tagline are written one behind the other")
        @Default("{\"question\": \"\", \"answer\": \"\\n\", \"stop\": \"\\n\", \"reward\": \"\"}")
        ChatTemplate template,

        @Default("{}") Lengths lengths) {}
