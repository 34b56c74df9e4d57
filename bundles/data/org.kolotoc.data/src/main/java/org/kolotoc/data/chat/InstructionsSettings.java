package org.kolotoc.data.chat;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;

/** A file of questions and answers. */
public record InstructionsSettings(
        @Help("a file with a JSON object a line, perhaps packed (.gz): {\"question\": \"...\", \"answer\": \"...\"}")
        String path,

        @Help("fields that are the question, one below the other; what is empty is left out") @Default("[\"question\"]")
        List<String> question,

        @Help("the field that is the answer") @Default("\"answer\"")
        String answer,

        @Help("share of the questions that is held out; the same question is never in both parts")
        @Range(min = 0.001, max = 0.9)
        @Default("0.1")
        double heldOut,

        @Default("{}") ChatTemplate template,
        @Default("{}") Lengths lengths) {}
