package org.kolotoc.data.chat;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.data.task.Task;

/** Which task, and how many of it. */
public record TasksSettings(
        @Help("copy, reverse or sort a sequence of capitals, translate toy Czech to toy French, judge whether a"
                + " sentence praises, agree: whether its verb follows its subject, or follow: whether a mood does from"
                + " what was judged")
        Task task,

        @Help("decides what is drawn; -1 takes the run's seed") @Range(min = -1) @Default("1")
        long seed,

        @Help("inputs for training, each once") @Range(min = 1, max = 1_000_000) @Default("20000")
        int count,

        @Help("inputs that are held out, each once and none of them in training")
        @Range(min = 1, max = 100_000)
        @Default("500")
        int heldOut,

        @Help("symbols of a sequence") @Range(min = 1, max = Task.SYMBOLS) @Default("20")
        int symbols,

        @Help("fewest symbols in a sequence") @Range(min = 1, max = 1000) @Default("3")
        int shortest,

        @Help("most symbols in a sequence") @Range(min = 1, max = 1000) @Default("10")
        int longest,

        @Help("inputs and outputs for training are texts of their own, none beside its other: what can be learned"
                + " without pairs")
        @Default("false")
        boolean unpaired,

        @Help("how an input and its output are written one behind the other")
        @Default("{\"question\": \"\", \"answer\": \"|\", \"stop\": \"\\n\", \"reward\": \"\"}")
        ChatTemplate template,

        @Default("{}") Lengths lengths) {}
