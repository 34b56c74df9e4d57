package org.kolotoc.data.chat;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;

/** How many answers somebody puts in order, and how often they err. */
public record PreferencesSettings(
        @Default("{}") WorldChoice world,

        @Help("answers to each question, which are put in order; from 6 on some are equally good, and stand by lot")
        @Range(min = 2, max = 9)
        @Default("4")
        int answers,

        @Help("orders for training; 0 takes every question once, more than that take questions again, with other"
                + " answers")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int count,

        @Help("orders in the validation part; 0 takes every question once, as for training")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int heldOut,

        @Help("share of comparisons of two answers that come out the wrong way round")
        @Range(min = 0, max = 0.5)
        @Default("0")
        double noise,

        @Default("{}") ChatTemplate template,
        @Default("{}") Lengths lengths) {}
