package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ListCommandTest {
    private final ListCommand command = new ListCommand(
            FakeHost.standard().unresolved("model", "toy").engine(),
            FakeHost.standard().terminal(),
            () -> Map.of("/p/odd.jar", "bundle /p/odd.jar is no file"));

    @Test
    void everyPluginHasALineAlsoOneThatDoesNotResolve() {
        Printed printed = Printed.by(command);
        assertEquals(0, printed.code(), printed.err());
        assertEquals(15, table(printed).size(), printed.out());
        String toy = printed.out()
                .lines()
                .filter(line -> line.contains(" toy "))
                .findFirst()
                .orElseThrow();
        assertTrue(toy.matches("model +toy +0.1.0 +test.model.toy +unresolved +a \"quoted\" line"), toy);
    }

    @Test
    void columnsBeginAtTheSamePlace() {
        List<String> lines = table(Printed.by(command));
        int column = lines.getFirst().indexOf("BUNDLE");
        for (String line : lines.subList(1, lines.size() - 1)) {
            assertTrue(line.startsWith("test.", column), line);
        }
    }

    /** What comes before the first empty line. */
    private static List<String> table(Printed printed) {
        return printed.out().lines().takeWhile(line -> !line.isEmpty()).toList();
    }

    @Test
    void whyOneIsNotReadyIsToldBelow() {
        String below = Printed.by(command).out().split("\n\n", 2)[1];
        assertTrue(below.startsWith("bundle test.model.toy 0.1.0 is installed, not resolved\n"), below);
        assertTrue(below.endsWith("\nleft out: bundle /p/odd.jar is no file\n"), below);
        String phases = Printed.by(command, "phase").out();
        assertFalse(phases.contains("toy") || phases.contains("odd.jar"), phases);
    }

    @Test
    void jsonHoldsTheSame() {
        JsonArray list =
                JsonParser.parseString(Printed.by(command, "--json").out()).getAsJsonArray();
        assertEquals(14, list.size());
        assertEquals("data", list.get(0).getAsJsonObject().get("kind").getAsString());
        JsonObject left = list.get(13).getAsJsonObject();
        assertEquals("/p/odd.jar", left.get("bundle").getAsString());
        assertEquals("left out", left.get("state").getAsString());
        assertEquals("bundle /p/odd.jar is no file", left.get("trouble").getAsString());
    }

    @Test
    void oneKindOnly() {
        Printed printed = Printed.by(command, "model");
        assertEquals(4, table(printed).size(), printed.out());
    }

    @Test
    void anUnknownKindIsRefusedWithTheNearest() {
        Printed printed = Printed.by(command, "tokeniser");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("did you mean 'tokenizer'?"), printed.err());
    }

    @Test
    void anUnknownOptionIsRefused() {
        Printed printed = Printed.by(command, "--jsn");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("did you mean '--json'?"), printed.err());
    }
}
