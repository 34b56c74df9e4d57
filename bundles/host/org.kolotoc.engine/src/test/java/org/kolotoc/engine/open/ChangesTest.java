package org.kolotoc.engine.open;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What differs between two experiments, down to the last digit. */
final class ChangesTest {
    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static List<String> changed(String was, String is) {
        return Changes.between(json(was), json(is)).stream()
                .map(Changes.Change::set)
                .toList();
    }

    @Test
    void seedsThatAreOneDouble() {
        assertEquals(
                List.of("seed=9007199254740993"),
                changed("{\"seed\": 9007199254740992}", "{\"seed\": 9007199254740993}"));
        assertEquals(
                List.of("phases.0.seeds=[9007199254740993]"),
                changed(
                        "{\"phases\": [{\"seeds\": [9007199254740992]}]}",
                        "{\"phases\": [{\"seeds\": [9007199254740993]}]}"));
    }

    @Test
    void oneNumberWrittenInTwoWaysIsNoChange() {
        assertEquals(List.of(), changed("{\"a\": 0.0010, \"b\": [1, 2]}", "{\"a\": 1e-3, \"b\": [1.0, 2]}"));
    }

    @Test
    void numbersThatNoTypeTakes() {
        assertEquals(List.of(), changed("{\"a\": 1e99999}", "{\"a\": 1e99999}"));
        assertEquals(List.of("a=1e99998"), changed("{\"a\": 1e99999}", "{\"a\": 1e99998}"));
    }

    @Test
    void whatIsGoneOrNew() {
        assertEquals(List.of("a=null", "b=[1]"), changed("{\"a\": 1}", "{\"b\": [1]}"));
        assertEquals(List.of("a=[1]"), changed("{\"a\": [1, 2]}", "{\"a\": [1]}"));
        assertEquals(List.of("a=\"1\""), changed("{\"a\": 1}", "{\"a\": \"1\"}"));
    }
}
