package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How far a replay is said to be. */
final class ReplayProgressTest {
    private long now;

    /** The first step took ten seconds and the second two; nobody is told that two thousand would take an hour. */
    @Test
    void nothingIsForetoldByASingleStep() {
        assertEquals("replay: step 408, from 7 to 2007, 0:24 left\n", shown(Screen.PAPER));
    }

    @Test
    void whatIsLeftIsToldWhereThereIsLittleRoom() {
        String shown = shown(new Screen(true, () -> 40));
        assertEquals("\r\033[Kreplay: step 408/2007, 0:24 left", shown.substring(shown.lastIndexOf('\r')));
    }

    private String shown(Screen screen) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        ReplayProgress progress = new ReplayProgress(new StatusLine(out, screen, () -> now), () -> now);
        now = 10_000_000_000L;
        progress.show(8, 7, 2007);
        now = 12_000_000_000L;
        progress.show(9, 7, 2007);
        now = 18_000_000_000L;
        progress.show(408, 7, 2007);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
