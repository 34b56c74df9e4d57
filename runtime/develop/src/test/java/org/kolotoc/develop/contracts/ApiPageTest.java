package org.kolotoc.develop.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiPageTest {
    @TempDir
    Path root;

    private void source(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String page() throws IOException {
        return ApiPage.of("head\n", List.of(root));
    }

    @Test
    void exportedPackagesAreListedWithTheirFirstSentences() throws IOException {
        source("p/package-info.java", """
            /** A room. More. */
            @Export
            @Version("0.1.0")
            package p;
            """);
        source("p/A.java", """
            package p;

            /** Does {@code a < b} of a {@link p.Seat#sit(int)} and {@link #f the f}. More. */
            public final class A {
                public static final int MOST = 3;
                private A() {}

                // Sums

                /** All of [it] &amp; more, for
                 * long. More. */
                public static <T> T f(int... of) { return null; }
                private void own() {}
                // no heading
                protected void g(int[] of) {}
                @Override public String toString() { return ""; }

                /** Two. */
                public record Two(@Deprecated int one, String two) {
                    public static final int NONE = 0;
                    /** Checks. */
                    public Two {}
                    public Two(int one) { this(one, ""); }
                }
                public enum Way { /** In. */ IN, OUT; void own() {} }
            }
            class Own { public void f() {} }
            """);
        source("p/Seat.java", """
            package p;
            public interface Seat<S> extends Plugin<S> {
                void sit(int rows);
                default void rise() {}
                private void own() {}
            }
            """);
        source("q/package-info.java", "package q;");
        source("q/B.java", "package q; public class B {}");
        assertEquals("""
            head

            ## p 0.1.0

            A room.

            ### Seat

            `interface Seat<S> extends Plugin<S>`

            - `void sit(int rows)`
            - `default void rise()`

            ### A

            `class A`

            Does `a < b` of a `Seat.sit(int)` and the f.

            - `static int MOST`

            **Sums**

            - `static <T> T f(int... of)`: All of \\[it\\] &amp; more, for long.
            - `protected void g(int[] of)`

            ### A.Two

            `record A.Two(int one, String two)`

            Two.

            - `static int NONE`
            - `Two(int one)`

            ### A.Way

            `enum A.Way`

            - `IN`: In.
            - `OUT`
            """, page());
    }

    @Test
    void aSourceThatCanNotBeReadIsNamed() throws IOException {
        source("p/package-info.java", "@Export\npackage p;");
        source("p/A.java", "package p; class {");
        assertTrue(assertThrows(IOException.class, this::page).getMessage().contains("A.java:1"));
    }
}
