package org.kolotoc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose fault something is, told in a line or two. */
final class BlameTest {
    private static final Blame BLAME =
            new Blame(type -> type.startsWith("hello.") ? Optional.of("hello 1.0.0") : Optional.empty());

    private static Throwable thrown(String message, StackTraceElement... stack) {
        Throwable thrown = new IllegalStateException(message);
        thrown.setStackTrace(stack);
        return thrown;
    }

    private static StackTraceElement line(String type) {
        return new StackTraceElement(type, "act", "Act.java", 7);
    }

    @Test
    void theDeepestCauseAndTheDeepestLineOfABundleAreTold() {
        Throwable cause = thrown("no", line("java.util.List"), line("hello.Hello"), line("hello.Outer"));
        assertEquals(
                "java.lang.IllegalStateException: no\n  at hello.Hello.act(Act.java:7)",
                BLAME.described(new RuntimeException("wrapped", cause)));
    }

    @Test
    void whatIsNobodysHasNoPlace() {
        assertEquals("java.lang.IllegalStateException: no", BLAME.described(thrown("no", line("java.util.List"))));
    }

    @Test
    void whatSteersATerminalIsShownAndATaleWithoutEndIsCut() {
        String told = BLAME.described(thrown("\033[2J\n\u202e" + "x".repeat(100_000)));
        assertTrue(told.startsWith("java.lang.IllegalStateException: \\u{1b}[2J\\u{a}\\u{202e}xxx"), told);
        assertTrue(told.length() < 500, told.length() + " characters");
    }
}
