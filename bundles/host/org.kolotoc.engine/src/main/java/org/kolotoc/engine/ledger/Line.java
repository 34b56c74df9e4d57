package org.kolotoc.engine.ledger;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.util.Arrays;
import java.util.List;
import org.kolotoc.api.Ledger;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.json.Fields;

/**
 * A line of {@code ledger.jsonl}.
 *
 * @param step after so many updates it was noted first
 * @param phase that went on then; empty where none had begun
 * @param count how often it was noted
 */
public record Line(long step, String phase, Silence silence, long count) {
    private static final String STEP = "step";
    private static final String PHASE = "phase";
    private static final String KIND = "kind";
    private static final String WHO = "who";
    private static final String PATH = "path";
    private static final String SENTENCE = "sentence";
    private static final String COUNT = "count";
    private static final int LONGEST = 2_000;
    private static final List<String> KINDS =
            Arrays.stream(Ledger.Kind.values()).map(Ledger.Kind::label).toList();

    /** Text of others becomes one line that ends. */
    public Line {
        silence = new Silence(
                silence.kind(),
                Printable.cut(silence.who(), LONGEST),
                Printable.cut(silence.path(), LONGEST),
                Printable.cut(silence.sentence(), LONGEST));
    }

    Line again() {
        return new Line(step, phase, silence, count + 1);
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty(STEP, step);
        if (!phase.isEmpty()) {
            json.addProperty(PHASE, phase);
        }
        json.addProperty(KIND, silence.kind().label());
        json.addProperty(WHO, silence.who());
        json.addProperty(PATH, silence.path());
        json.addProperty(SENTENCE, silence.sentence());
        json.addProperty(COUNT, count);
        return json;
    }

    /** @throws JsonParseException when it is no line of a ledger, with the field */
    static Line of(Fields fields) {
        String kind = fields.oneOf(KIND, KINDS);
        return new Line(
                fields.count(STEP),
                fields.has(PHASE) ? fields.text(PHASE) : "",
                new Silence(
                        Ledger.Kind.values()[KINDS.indexOf(kind)],
                        fields.text(WHO),
                        fields.text(PATH),
                        fields.text(SENTENCE)),
                fields.count(COUNT));
    }
}
