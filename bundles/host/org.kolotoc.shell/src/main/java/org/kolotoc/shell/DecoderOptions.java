package org.kolotoc.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.ExperimentFile;

/** How a model writes, as options of a command line and as the decoder of an experiment. */
final class DecoderOptions {
    /** Where a text ends. */
    static final String STOP = "--stop";

    private static final String BEAM = "--beam";
    private static final String PENALTY = "--length-penalty";

    /** Options of drawing, and what the decoder calls them. */
    private static final Map<String, String> DRAWING = new LinkedHashMap<>();

    static {
        DRAWING.put("--temperature", "temperature");
        DRAWING.put("--top-k", "topK");
        DRAWING.put("--top-p", "topP");
        DRAWING.put("--min-p", "minP");
        DRAWING.put("--repetition-penalty", "repetitionPenalty");
    }

    private DecoderOptions() {}

    /** Adds the options. */
    static Syntax added(Syntax syntax) {
        return syntax.repeated(STOP, "<text>", "a text ends before it; may be given several times")
                .option("--temperature", "<number>", "below 1 bolder, above 1 wilder, 0 takes the likeliest")
                .option("--top-k", "<number>", "draws only from so many likeliest tokens")
                .option(
                        "--top-p",
                        "<number>",
                        "draws only from the likeliest tokens whose probabilities add up to this")
                .option("--min-p", "<number>", "draws only tokens at least so probable as this share of the likeliest")
                .option("--repetition-penalty", "<number>", "above 1 makes less likely what the text has already")
                .option(BEAM, "<width>", "searches the likeliest text instead of drawing")
                .option(
                        PENALTY,
                        "<number>",
                        "of a beam: 0 favours short texts, 1 compares means, more favours long ones");
    }

    /** Lets messages about the decoder of an experiment's samples name these options. */
    static void typed(ExperimentFile file) {
        DRAWING.forEach((option, field) -> file.typed("samples.decoder." + field, option));
        file.typed("samples.decoder.width", BEAM);
        file.typed("samples.decoder.lengthPenalty", PENALTY);
        file.typed("samples.stop", STOP);
    }

    /** Whether the line says anything of the decoder. */
    static boolean given(Line line) {
        return line.has(BEAM) || line.has(PENALTY) || DRAWING.keySet().stream().anyMatch(line::has);
    }

    /**
     * What the experiment would say.
     *
     * @param texts that are wanted of one prompt
     */
    static String decoder(Line line, int texts) {
        boolean beam = line.has(BEAM);
        if (!beam && line.has(PENALTY)) {
            throw InputError.of(PENALTY + " belongs to a beam; there is none", "add " + BEAM + " 4, or leave it out");
        }
        List<String> fields = new ArrayList<>();
        fields.add("\"id\": \"" + (beam ? "beam" : "sample") + "\"");
        line.count(BEAM).ifPresent(width -> fields.add("\"width\": " + Math.max(width, texts)));
        line.text(PENALTY).ifPresent(penalty -> fields.add("\"lengthPenalty\": " + number(PENALTY, penalty)));
        DRAWING.forEach((option, field) -> line.text(option).ifPresent(value -> {
            if (beam) {
                throw InputError.of(option + " is for drawing; " + BEAM + " searches", "leave one of the two out");
            }
            fields.add("\"" + field + "\": " + number(option, value));
        }));
        return "{" + String.join(", ", fields) + "}";
    }

    private static String number(String option, String value) {
        if (!value.matches("[+-]?\\d{1,12}(\\.\\d{1,12})?")) {
            throw InputError.of(option + " " + value + ": expected a number", "give one: " + option + " 0.8");
        }
        return value.replaceFirst("^\\+", "");
    }
}
