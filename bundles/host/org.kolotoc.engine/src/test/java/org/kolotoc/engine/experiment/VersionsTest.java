package org.kolotoc.engine.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Version;

/** What an experiment may say of a plugin's version. */
final class VersionsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1       | 1.0.0      | true
        1       | 1.9.7.beta | true
        1       | 2.0.0      | false
        1       | 0.9.0      | false
        1.2     | 1.2.0      | true
        1.2     | 1.2.9      | true
        1.2     | 1.3.0      | false
        1.2.3   | 1.2.3.beta | true
        1.2.3   | 1.2.4      | false
        1.2.3.b | 1.2.3.b    | true
        1.2.3.b | 1.2.3      | false
        [1.2,2) | 1.2.0      | true
        [1.2,2) | 2.0.0      | false
        (1.2,2] | 1.2.0      | false
        (1.2,2] | 2.0.0      | true
        """)
    void aTextNamesVersions(String text, String version, boolean has) {
        assertEquals(has, Versions.of(text).orElseThrow().has(Version.parseVersion(version)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "x", "1.x", "1.2.3.4.5", "-1", "[2,1]", "(1,1)", "[1", "1,2", "[a,b]", "99999999999"})
    void whatNamesNoneIsRefused(String text) {
        assertEquals(Optional.empty(), Versions.of(text));
    }

    @Test
    void oneMayBeMeantExactly() {
        Versions one = Versions.exactly(Version.parseVersion("1.2.3.b"));
        assertEquals(true, one.has(Version.parseVersion("1.2.3.b")));
        assertEquals(false, one.has(Version.parseVersion("1.2.3.c")));
        assertEquals(Optional.of(one), Versions.of(one.text()));
    }
}
