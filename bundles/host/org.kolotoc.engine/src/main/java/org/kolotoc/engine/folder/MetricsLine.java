package org.kolotoc.engine.folder;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.json.Fields;

/**
 * A line of {@code metrics.jsonl}: what one step measured, or one evaluation after it.
 *
 * @param step updates made by all phases
 * @param phase that made the step; empty in files of older versions
 * @param phaseStep updates made by this phase
 * @param evaluation whether these are numbers of an evaluation, which a verdict may be made of
 * @param measures by name, in the order they were taken; need not be finite
 * @param tokensPerSecond of the step; 0 where nobody counts tokens, and of an evaluation
 * @param seconds since the process began the run
 */
public record MetricsLine(
        long step,
        String phase,
        long phaseStep,
        boolean evaluation,
        Map<String, Double> measures,
        double tokensPerSecond,
        double seconds) {
    private static final String STEP = "step";
    private static final String PHASE = "phase";
    private static final String PHASE_STEP = "phaseStep";
    private static final String EVALUATION = "evaluation";
    private static final String TOKENS = "tokensPerSecond";
    private static final String SECONDS = "seconds";
    private static final Set<String> RESERVED = Set.of(STEP, PHASE, PHASE_STEP, EVALUATION, TOKENS, SECONDS);

    /** What older versions measured at every step; a line with anything else was that of an evaluation as well. */
    private static final Set<String> OF_A_STEP = Set.of("loss/train", "gradient/norm", "learning-rate", "tokens");

    /** @throws InputError when a measure has the name of a field that every line has */
    public MetricsLine {
        for (String name : measures.keySet()) {
            if (RESERVED.contains(name)) {
                throw InputError.of(
                        "the phase '" + phase + "' or one of the metrics measures '" + name
                                + "', which is a field of every line of " + MetricsReader.FILE,
                        "give the measure another name in its plugin: '" + phase + "/" + name + "'");
            }
        }
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty(STEP, step);
        json.addProperty(PHASE, phase);
        json.addProperty(PHASE_STEP, phaseStep);
        if (evaluation) {
            json.addProperty(EVALUATION, true);
        }
        measures.forEach((name, value) -> json.add(name, number(value)));
        if (!evaluation) {
            json.addProperty(TOKENS, Math.round(tokensPerSecond));
        }
        json.addProperty(SECONDS, Math.round(seconds * 1000) / 1000.0);
        return json;
    }

    /** JSON has no NaN. */
    private static JsonPrimitive number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : new JsonPrimitive(Double.toString(value));
    }

    /** @throws com.google.gson.JsonParseException naming the field that is missing or of another type */
    static MetricsLine of(Fields fields) {
        Map<String, Double> measures = new LinkedHashMap<>();
        fields.names().stream()
                .filter(name -> !RESERVED.contains(name))
                .forEach(name -> measures.put(name, fields.number(name)));
        boolean older = !fields.has(PHASE);
        return new MetricsLine(
                fields.count(STEP),
                older ? "" : fields.text(PHASE),
                older ? fields.count(STEP) : fields.count(PHASE_STEP),
                older ? !OF_A_STEP.containsAll(measures.keySet()) : fields.has(EVALUATION) && fields.flag(EVALUATION),
                measures,
                fields.has(TOKENS) ? fields.number(TOKENS) : 0,
                fields.number(SECONDS));
    }
}
