package org.kolotoc.data.chat;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;

/** A file of pairs of answers, of which one is better. */
public record ComparisonsSettings(
        @Help("a file with a JSON object a line, perhaps packed (.gz): {\"question\": \"...\", \"chosen\": \"...\","
                + " \"rejected\": \"...\"}")
        String path,

        @Help("fields that are the question, one below the other; what is empty is left out; none where both answers"
                + " begin with it: the lines that they have in common")
        @Default("[\"question\"]")
        List<String> question,

        @Help("the field that is the better answer, or the first one where \"label\" says which is better")
        @Default("\"chosen\"")
        String chosen,

        @Help("the field that is the worse answer, or the second one") @Default("\"rejected\"")
        String rejected,

        @Help("the field that says which answer is better, 1 or 2; empty where the first always is") @Default("\"\"")
        String label,

        @Help("share of the questions that is held out; the same question is never in both parts")
        @Range(min = 0.001, max = 0.9)
        @Default("0.1")
        double heldOut,

        @Default("{}") ChatTemplate template,
        @Default("{}") Lengths lengths) {}
