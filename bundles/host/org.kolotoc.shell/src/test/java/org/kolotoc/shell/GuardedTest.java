package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DeviceFailure;

/** What a person sees of a command that fails. */
final class GuardedTest {
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    private int guarded(FakeHost host, RuntimeException failure) {
        PrintStream err = System.err;
        System.setErr(new PrintStream(seen, true, StandardCharsets.UTF_8));
        try {
            return host.terminal().guarded(() -> {
                throw failure;
            });
        } finally {
            System.setErr(err);
        }
    }

    @Test
    void aDevicesFailureIsNoDefect() {
        assertEquals(2, guarded(new FakeHost(), new DeviceFailure("tornado:ptx:0 has no memory left", null)));
        String text = seen.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("kolotoc: tornado:ptx:0 has no memory left\n  do: --backend cpu"), text);
        assertFalse(text.contains("\tat "), text);
    }

    @Test
    void whatNobodyExpectsIsADefect() {
        assertEquals(3, guarded(new FakeHost(), new IllegalStateException("odd")));
        assertTrue(seen.toString(StandardCharsets.UTF_8).contains("this should not have happened"), seen::toString);
    }

    @Test
    void whatFailsBecauseTheHostStopsIsNoNews() {
        assertEquals(130, guarded(new FakeHost().stopping(), new IllegalStateException("rejected")));
        assertEquals("", seen.toString(StandardCharsets.UTF_8));
    }
}
