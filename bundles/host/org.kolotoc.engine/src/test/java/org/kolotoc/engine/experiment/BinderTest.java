package org.kolotoc.engine.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Range;

final class BinderTest {
    /** A way to go. */
    public enum Way {
        UP,
        FAR_DOWN
    }

    /** A point. */
    public record Point(int x, @Default("2") int y) {}

    /** Everything that settings may have. */
    public record All(
            int whole,
            @Default("5000000000") long large,
            @Default("0.5") @Range(min = 0, max = 1) double share,
            @Default("true") boolean on,
            @Default("\"a\"") String text,
            @Default("\"far-down\"") Way way,
            @Default("{\"x\": 1}") Point point,
            @Default("[{\"x\": 3}]") List<Point> points,
            @Default("[1, 2]") @Range(min = 1) List<Integer> list) {
        public All {
            if (whole == 13) {
                throw InputError.field("whole", "13 brings no luck; expected another");
            }
        }
    }

    private static All bound(String json) {
        Problems problems = new Problems("file.json");
        All all = new Binder(problems)
                .bind(All.class, JsonParser.parseString(json).getAsJsonObject(), "$.phases[1]");
        problems.refuse();
        return all;
    }

    private static void refused(String json, String... wanted) {
        InputError error = assertThrows(InputError.class, () -> bound(json));
        for (String part : wanted) {
            assertTrue(error.getMessage().contains(part), "expected «" + part + "» in " + error.getMessage());
        }
    }

    @Test
    void absentFieldsTakeTheirDefaults() {
        assertEquals(
                new All(
                        1,
                        5_000_000_000L,
                        0.5,
                        true,
                        "a",
                        Way.FAR_DOWN,
                        new Point(1, 2),
                        List.of(new Point(3, 2)),
                        List.of(1, 2)),
                bound("{\"whole\": 1}"));
    }

    @Test
    void givenFieldsWin() {
        assertEquals(
                new All(2, 3, 1, false, "b", Way.UP, new Point(4, 5), List.of(), List.of(6)),
                bound("{\"whole\": 2.0, \"large\": 3, \"share\": 1, \"on\": false, \"text\": \"b\", \"way\": \"up\","
                        + " \"point\": {\"x\": 4, \"y\": 5}, \"points\": [], \"list\": [6]}"));
    }

    @Test
    void everyFaultHasItsPath() {
        refused("{}", "file.json", "$.phases[1].whole: is missing", "a whole number");
        refused("{\"whole\": 1, \"hole\": 2}", "$.phases[1].hole", "did you mean 'whole'?");
        refused("{\"whole\": \"1\"}", "$.phases[1].whole", "\"1\"", "a whole number");
        refused("{\"whole\": 3000000000}", "$.phases[1].whole", "3000000000");
        refused("{\"whole\": null}", "$.phases[1].whole", "null");
        refused("{\"whole\": 1, \"share\": 1.01}", "$.phases[1].share", "1.01", "0 to 1");
        refused("{\"whole\": 1, \"share\": 1e999}", "$.phases[1].share", "0 to 1");
        refused("{\"whole\": 1, \"on\": 1}", "$.phases[1].on", "true or false");
        refused("{\"whole\": 1, \"way\": \"down\"}", "$.phases[1].way", "up, far-down");
        refused("{\"whole\": 1, \"point\": {\"x\": 1, \"z\": 1}}", "$.phases[1].point.z", "known: x, y");
        refused("{\"whole\": 1, \"points\": [{\"x\": 1}, {\"y\": 1}]}", "$.phases[1].points[1].x");
        refused("{\"whole\": 1, \"list\": [1, 0]}", "$.phases[1].list[1]", "is 0", "at least 1");
        refused("{\"whole\": 13}", "$.phases[1].whole", "13 brings no luck");
    }

    @Test
    void numbersThatNoTypeTakes() {
        String many = "1".repeat(900);
        for (String number : List.of("1e99999", "-1e99999", "1e-99999", "1e2147483648", many, many + "e5")) {
            for (String field : List.of("whole", "large", "share", "list")) {
                String value = field.equals("list") ? "[1, " + number + "]" : number;
                String json = field.equals("whole")
                        ? "{\"whole\": " + value + "}"
                        : "{\"whole\": 1, \"" + field + "\": " + value + "}";
                refused(
                        json,
                        "$.phases[1]." + field,
                        field.equals("large") ? "a whole number of 64 bits" : "expected a");
            }
        }
        refused("{\"whole\": 1, \"large\": 1.5}", "$.phases[1].large: is 1.5; expected a whole number");
    }

    @Test
    void whatStandsInAMessageIsCutAndMovesNoCursor() {
        String wild = "\u001b[31m\u202e\u009b" + "x".repeat(1_000_000);
        for (String json : List.of(
                "{\"whole\": 1, \"" + wild.replace("\u001b", "\\u001b") + "\": 1}",
                "{\"whole\": \"" + wild.replace("\u001b", "\\u001b") + "\"}",
                "{\"whole\": 1, \"way\": \"" + wild.replace("\u001b", "\\u001b") + "\"}")) {
            Problems problems = new Problems("file.json");
            new Binder(problems).bind(All.class, JsonParser.parseString(json).getAsJsonObject(), "$");
            String message = problems.error().getMessage();
            assertTrue(message.length() < 2000, message.length() + " characters");
            assertTrue(
                    message.codePoints().allMatch(c -> c == '\n' || !Character.isISOControl(c) && c != 0x202e),
                    message);
        }
    }

    @Test
    void onlySoManyFaultsAreTold() {
        Problems problems = new Problems("file.json");
        for (int i = 0; i < 1000; i++) {
            problems.add("$.points[" + i + "]", "is wrong");
        }
        String message = problems.error().getMessage();
        assertTrue(message.startsWith("file.json has 1000 faults:"), message);
        assertTrue(message.endsWith("and 950 more"), message);
    }

    @Test
    void allFaultsAreCollected() {
        refused(
                "{\"whole\": true, \"share\": -1, \"lst\": []}",
                "3 faults",
                "$.phases[1].whole",
                "$.phases[1].share",
                "$.phases[1].lst");
    }

    @Test
    void aFaultGivesNoRecord() {
        Problems problems = new Problems("file.json");
        assertNull(new Binder(problems)
                .bind(Point.class, JsonParser.parseString("{}").getAsJsonObject(), "$"));
        assertThrows(InputError.class, problems::refuse);
    }
}
