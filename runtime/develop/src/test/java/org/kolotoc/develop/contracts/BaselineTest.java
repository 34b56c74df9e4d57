package org.kolotoc.develop.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a change to a package is noticed, and what accepts it. */
final class BaselineTest {
    private static final String SEAT = "void sit(int rows);";

    @TempDir
    Path before;

    @TempDir
    Path after;

    private Baseline baseline() throws IOException {
        SortedMap<String, ExportedPackage> packages = compiled(before, "0.1.0", SEAT);
        return Baseline.parse(Baseline.text(packages.values()));
    }

    private static SortedMap<String, ExportedPackage> compiled(Path folder, String version, String members)
            throws IOException {
        return Compiled.exported(
                folder,
                Map.of(
                        "p/package-info.java",
                        Compiled.info("p", version),
                        "p/Seat.java",
                        "package p; public interface Seat { " + members + " }"));
    }

    private List<String> faults(String version, String members) throws IOException {
        return baseline().faults(compiled(after, version, members), "./accept");
    }

    private void expectChange(String members, String... changes) throws IOException {
        List<String> faults = faults("0.1.0", members);
        assertEquals(1, faults.size(), faults::toString);
        List<String> lines = faults.getFirst().lines().toList();
        assertTrue(lines.getFirst().startsWith("package p is version 0.1.0"), faults::toString);
        assertEquals(List.of(changes), lines.subList(1, lines.size() - 1));
        assertTrue(lines.getLast().contains("to 0.2.0, then: ./accept"), faults::toString);
    }

    @Test
    void whatStayedIsNoFault() throws IOException {
        assertEquals(List.of(), faults("0.1.0", SEAT));
    }

    @Test
    void aFileHoldsAllThatIsCompared() throws IOException {
        assertEquals(new Baseline(compiled(after, "0.1.0", SEAT)), baseline());
    }

    @Test
    void anAddedMethodNeedsAVersion() throws IOException {
        expectChange(SEAT + " default void rise() {}", "  + Seat.rise() : default void");
    }

    @Test
    void aRemovedMethodNeedsAVersion() throws IOException {
        expectChange("", "  - Seat.sit(int) : abstract void");
    }

    @Test
    void aChangedMethodNeedsAVersion() throws IOException {
        expectChange("long sit(int rows);", "  - Seat.sit(int) : abstract void", "  + Seat.sit(int) : abstract long");
    }

    @Test
    void aNameOfAParameterIsNoChange() throws IOException {
        assertEquals(List.of(), faults("0.1.0", "void sit(int places);"));
    }

    @ParameterizedTest
    @CsvSource({"0.1.1, 1", "0.1.0, 1", "0.0.9, 1", "0.2.0, 0", "1.0.0, 0", "0.10.0, 0"})
    void theFirstOrSecondNumberAcceptsAChange(String version, int faults) throws IOException {
        assertEquals(faults, faults(version, "").size());
    }

    @Test
    void aSmallerVersionIsAFaultWithoutAChange() throws IOException {
        assertEquals(1, faults("0.0.9", SEAT).size());
    }

    @Test
    void aPackageThatIsGoneIsAFaultUntilItsLinesAreRemoved() throws IOException {
        List<String> faults = baseline().faults(Map.of(), "./accept");
        assertEquals(1, faults.size());
        assertTrue(faults.getFirst().startsWith("package p 0.1.0 is exported no more"), faults::toString);
        assertTrue(faults.getFirst().contains("docs/contracts.txt, then: ./accept"), faults::toString);
        assertEquals(List.of(), Baseline.parse("").faults(Map.of(), "./accept"));
    }

    @Test
    void aNewPackageIsNoFault() throws IOException {
        assertEquals(List.of(), Baseline.parse("").faults(compiled(after, "0.1.0", SEAT), "./accept"));
    }
}
