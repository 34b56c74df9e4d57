package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

final class DevicesCommandTest {
    private final DevicesCommand command =
            new DevicesCommand(FakeHost.standard().engine(), FakeHost.standard().terminal());

    @Test
    void everyDeviceHasALineWithTheOutcomeOfItsTest() {
        Printed printed = Printed.by(command);
        assertEquals(0, printed.code(), printed.err());
        String[] lines = printed.out().split("\n");
        assertTrue(lines[0].matches("ID +NAME +DRIVER +MEMORY +UNITS +TEST +SECONDS"), lines[0]);
        assertTrue(lines[1].matches("reference +interpreter, .* - +\\? +\\d+ +passed +\\d+\\.\\d\\d"), lines[1]);
    }

    @Test
    void jsonHoldsTheSame() {
        JsonObject json =
                JsonParser.parseString(Printed.by(command, "--json").out()).getAsJsonObject();
        JsonObject device = json.getAsJsonArray("devices").get(0).getAsJsonObject();
        assertEquals("reference", device.get("id").getAsString());
        assertTrue(device.get("passed").getAsBoolean());
        assertTrue(json.getAsJsonObject("absent").isEmpty());
    }

    @Test
    void argumentsAreRefused() {
        Printed printed = Printed.by(command, "gpu");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("'gpu' is not expected here"), printed.err());
    }
}
