package org.kolotoc.develop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TestReportsTest {
    @TempDir
    Path folder;

    private void report(String module, String name, String xml) throws IOException {
        Path reports = Files.createDirectories(folder.resolve(module).resolve("target/surefire-reports"));
        Files.writeString(
                reports.resolve("TEST-" + name + ".xml"), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml);
    }

    private TestReports read() throws IOException {
        return TestReports.read(List.of(folder));
    }

    @Test
    void allReportsAreAddedUp() throws IOException {
        report("a", "org.A", """
            <testsuite name="org.A" tests="5" errors="1" skipped="0" failures="2">
              <testcase name="x" classname="org.A"><failure message="no">text</failure></testcase>
            </testsuite>
            """);
        report("b/c", "org.B", """
            <testsuite name="org.B" tests="4" errors="0" skipped="3" failures="0">
              <testcase name="one" classname="org.b.B"><skipped message="not evaluated: no &lt;device&gt; &amp; &quot;more&quot;"/></testcase>
              <testcase name="two" classname="org.b.B"><skipped><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: not evaluated: no data
            	at org.b.B.two(B.java:3)]]></skipped></testcase>
              <testcase name="three{int}[1]" classname="org.b.B$Inner"><skipped type="x" message="Assumption failed: later&#10;at noon"/></testcase>
              <testcase name="four" classname="org.b.B"><system-out><![CDATA[<skipped message="printed"/>]]></system-out></testcase>
            </testsuite>
            """);
        TestReports reports = read();
        assertEquals("3 passed, 3 failed, 3 skipped", reports.count());
        assertFalse(reports.passed());
        assertEquals(
                List.of(
                        "B.one: not evaluated: no <device> & \"more\"",
                        "B.two: not evaluated: no data",
                        "B$Inner.three{int}[1]: later at noon"),
                reports.skipped());
    }

    @Test
    void nothingTestedIsNoSuccess() throws IOException {
        assertFalse(read().passed());
        assertEquals("0 passed, 0 failed, 0 skipped", read().count());
        report("a", "org.A", "<testsuite tests=\"1\" errors=\"0\" skipped=\"0\" failures=\"0\"/>");
        assertTrue(read().passed());
        TestReports.delete(List.of(folder));
        assertFalse(read().passed(), "reports of an earlier run do not count");
    }

    @Test
    void whatIsNoReportIsNamedOrLeftAlone() throws IOException {
        Files.writeString(folder.resolve("TEST-elsewhere.xml"), "not even XML");
        assertEquals(0, read().tests());
        report("a", "org.A", "<testsuite tests=\"1\"");
        Problem problem = assertThrows(Problem.class, this::read);
        assertTrue(problem.getMessage().contains("TEST-org.A.xml can't be read"), problem::getMessage);
    }
}
