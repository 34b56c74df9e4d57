package org.kolotoc.engine.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The report is well-formed whatever a model writes, holds what the folder holds, and loads nothing. */
final class ReportTest {
    private static final String HOSTILE = "<script>alert('x')</script> & \"quotes\" ]]> \u0000\u0007\u001b[31m <b";

    @TempDir
    Path folder;

    @BeforeEach
    void runFolder() throws IOException {
        Files.writeString(folder.resolve("experiment.json"), "{\"name\": \"a <b> & c\", \"seed\": 7}");
        Files.writeString(folder.resolve("metrics.jsonl"), """
            {"step": 0, "loss/validation": 4.2, "tokensPerSecond": 0, "seconds": 0.0}
            {"step": 1, "loss/train": "NaN", "tokensPerSecond": 10, "seconds": 0.1}
            {"step": 2, "loss/train": 3.1, "loss/validation": 3.0, "tokensPerSecond": 10, "seconds": 0.2}
            """);
        Files.writeString(folder.resolve("verdict.json"), """
            {"schema": "kolotoc.verdict/1", "verdict": "void",
             "criteria": [{"criterion": "loss/validation <= 2", "value": null, "holds": false}],
             "controlsRefusedBy": {"shuffled": "loss/validation <= 2 (3.5)", "constant": null}}
            """);
        Files.writeString(
                folder.resolve("lock.json"), "{\"jdk\": \"25\", \"bundles\": [{\"name\": \"a\", \"version\": \"1\"}]}");
        sample("step-00000000", HOSTILE);
        sample("step-00000002", "plain words");
    }

    private void sample(String step, String text) throws IOException {
        Path at = Files.createDirectories(folder.resolve("samples").resolve(step));
        Files.writeString(at.resolve("0.txt"), text);
    }

    private Document report() throws IOException, ParserConfigurationException, SAXException {
        Report.write(folder);
        return parsed(Files.readString(folder.resolve("report.html")));
    }

    private static Document parsed(String text) throws IOException, ParserConfigurationException, SAXException {
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new InputSource(new StringReader(text)));
    }

    @Test
    void whateverAModelWritesIsShownAndNothingElse() throws Exception {
        Document report = report();
        assertEquals(0, report.getElementsByTagName("script").getLength());
        assertEquals(0, report.getElementsByTagName("b").getLength());
        String shown = report.getElementsByTagName("pre").item(0).getTextContent();
        assertTrue(shown.startsWith("<script>alert('x')</script> & \"quotes\" ]]>"), shown);
        assertTrue(report.getElementsByTagName("h1").item(0).getTextContent().contains("a <b> & c"));
    }

    @Test
    void theParserWouldNoticeWhatIsNotEscaped() {
        assertThrows(SAXException.class, () -> parsed("<html><pre>a & b <b</pre></html>"));
    }

    @Test
    void nothingIsLoadedFromAnywhere() throws Exception {
        report();
        String text = Files.readString(folder.resolve("report.html"));
        for (String loads : new String[] {"src=", "href=", "@import", "url("}) {
            assertFalse(text.contains(loads), loads);
        }
    }

    @Test
    void aControlThatPassesIsSeen() throws Exception {
        String text = report().getDocumentElement().getTextContent();
        assertTrue(text.contains("control «constant»the criteria prove nothing"), text);
        assertTrue(text.contains("control «shuffled»by loss/validation <= 2 (3.5)"), text);
    }

    @Test
    void bothCurvesAreDrawnWithoutWhatIsNoNumber() throws Exception {
        Document report = report();
        assertEquals(2, report.getElementsByTagName("path").getLength());
        assertFalse(Files.readString(folder.resolve("report.html")).contains("NaN"));
    }

    @Test
    void samplesStandInTheOrderOfTheirSteps() throws Exception {
        var captions = report().getElementsByTagName("figcaption");
        assertEquals("step 0", captions.item(0).getTextContent());
        assertEquals("step 2", captions.item(1).getTextContent());
    }

    @Test
    void aStrangeFileAmongTheSamplesIsPassedOver() throws Exception {
        Files.writeString(folder.resolve("samples").resolve("notes.txt"), "mine");
        assertEquals(2, report().getElementsByTagName("figure").getLength());
    }

    @Test
    void aFolderWithoutStepsHasAReportToo() throws Exception {
        for (String file : new String[] {"metrics.jsonl", "verdict.json", "lock.json"}) {
            Files.delete(folder.resolve(file));
        }
        assertEquals(0, report().getElementsByTagName("path").getLength());
    }
}
