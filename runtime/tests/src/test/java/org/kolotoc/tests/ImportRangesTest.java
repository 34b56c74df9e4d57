package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Below 1.0 a second number breaks: no bundle is wired to packages of another one than it was built against. */
class ImportRangesTest {
    @Test
    void bundlesImportOneVersionOfTheProjectsPackages() throws IOException {
        for (Path jar : Assembled.jars("lib")) {
            assertEquals(Set.of(), ImportRanges.tooWide(jar), jar::toString);
        }
    }

    @Test
    void whatIsWiredToMoreIsNoticed() {
        assertEquals(Set.of(), ImportRanges.tooWide("org.gson;version=\"[2,3)\",org.kolotoc.a;version=\"[0.9,0.10)\""));
        assertEquals(Set.of(), ImportRanges.tooWide("org.kolotoc.a;x:=\"b,c\";version=\"[1.4,2)\""));
        String wide = "org.kolotoc.a;version=\"[0.1,1)\"";
        String open = "org.kolotoc.b;version=\"0.1\"";
        String none = "org.kolotoc.c";
        String skipping = "org.kolotoc.d;version=\"[0.1,0.3)\"";
        assertEquals(
                Set.of(wide, open, none, skipping), ImportRanges.tooWide(String.join(",", wide, open, none, skipping)));
    }
}
