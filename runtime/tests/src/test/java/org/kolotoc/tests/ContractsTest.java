package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.develop.contracts.Contracts;

/** What the project writes down of its contracts against what was built. */
class ContractsTest {
    private final Contracts contracts = new Contracts(Assembled.PROJECT);

    @Test
    void aPackageThatChangedHasALargerVersion() throws IOException {
        List<String> unversioned = contracts.unversioned();
        assertEquals(List.of(), unversioned, () -> String.join("\n", unversioned));
    }

    @Test
    void whatIsWrittenDownIsWhatTheSourcesSay() throws IOException {
        List<String> stale = contracts.stale();
        assertEquals(List.of(), stale, () -> String.join("\n", stale));
    }
}
