package org.kolotoc.engine.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Sample;

/** How samples look in a terminal. */
final class SampledTest {
    private static String shown(String... texts) {
        return new Event.Sampled(
                        3, "text", List.of(texts).stream().map(Sample::text).toList())
                .text();
    }

    @Test
    void eachBeginsALine() {
        assertEquals("--- step 3 ---\na\nb\n---", shown("a", "b"));
        assertEquals("--- step 3 ---\na\nb\n---", shown("a\n", "b"));
    }

    @Test
    void aModelThatEndsAtOnceWritesNothing() {
        assertEquals("--- step 3 ---\nb\n---", shown("", "b"));
        assertEquals("--- step 3 ---\n\n---", shown("", ""));
    }
}
