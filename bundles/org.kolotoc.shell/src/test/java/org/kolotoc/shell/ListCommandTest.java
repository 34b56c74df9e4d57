package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

final class ListCommandTest {
    private final ListCommand command =
            new ListCommand(FakeHost.standard().unresolved("model", "toy").engine());

    @Test
    void everyPluginHasALineAlsoOneThatDoesNotResolve() {
        Printed printed = Printed.by(command);
        assertEquals(0, printed.code(), printed.err());
        assertEquals(14, printed.out().lines().count(), printed.out());
        String toy = printed.out()
                .lines()
                .filter(line -> line.contains(" toy "))
                .findFirst()
                .orElseThrow();
        assertTrue(toy.matches("model +toy +0.1.0 +test.model.toy +unresolved +a \"quoted\" line"), toy);
    }

    @Test
    void columnsBeginAtTheSamePlace() {
        String[] lines = Printed.by(command).out().split("\n");
        int column = lines[0].indexOf("BUNDLE");
        for (int i = 1; i < lines.length - 1; i++) {
            assertTrue(lines[i].startsWith("test.", column), lines[i]);
        }
    }

    @Test
    void jsonHoldsTheSame() {
        JsonArray list =
                JsonParser.parseString(Printed.by(command, "--json").out()).getAsJsonArray();
        assertEquals(12, list.size());
        assertEquals("data", list.get(0).getAsJsonObject().get("kind").getAsString());
    }

    @Test
    void oneKindOnly() {
        Printed printed = Printed.by(command, "model");
        assertEquals(4, printed.out().lines().count(), printed.out());
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
