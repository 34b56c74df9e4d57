package org.kolotoc.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InOrderTest {
    private final List<String> ended = new ArrayList<>();

    @Test
    void oneThatFailsKeepsNoneFromItsTurn() {
        List<Runnable> ends = List.of(
                () -> ended.add("first"),
                () -> {
                    throw new IllegalStateException("second");
                },
                () -> ended.add("third"),
                () -> {
                    throw new AssertionError("fourth");
                },
                () -> ended.add("fifth"));
        IllegalStateException failed = assertThrows(IllegalStateException.class, () -> InOrder.all(ends));
        assertEquals(List.of("first", "third", "fifth"), ended);
        assertEquals("second", failed.getMessage());
        assertEquals("fourth", failed.getSuppressed()[0].getMessage());
    }

    @Test
    void whereNoneFailsNothingIsThrown() {
        InOrder.all(List.<Runnable>of(() -> ended.add("first")));
        assertEquals(List.of("first"), ended);
    }
}
