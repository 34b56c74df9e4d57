package org.kolotoc.engine.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.folder.RunFolder;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
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
        Files.writeString(folder.resolve("run.json"), """
            {"status": "finished", "step": 2, "measures": [
             {"name": "loss/train", "unit": "nats/token", "taken": "step", "better": "lower"},
             {"name": "loss/validation", "unit": "nats/token", "taken": "evaluation", "better": "lower"}]}
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

    @Test
    void theVerdictHasNumbersAsTheTerminalShowsThem() throws Exception {
        Files.writeString(folder.resolve("verdict.json"), """
            {"schema": "kolotoc.verdict/1", "verdict": "not met",
             "criteria": [{"criterion": "a <= 1", "value": 0.0020814344950961794, "holds": true},
                          {"criterion": "b <= 1", "value": null, "holds": false},
                          {"criterion": "c / d <= 1", "value": null, "noNumber": "d is 0", "holds": false}],
             "controlsRefusedBy": {}}
            """);
        String page = report().getDocumentElement().getTextContent();
        assertTrue(page.contains("a <= 10.0021"), page);
        assertTrue(page.contains("b <= 1no finite number"), page);
        assertTrue(page.contains("c / d <= 1no number: d is 0"), page);
    }

    @Test
    void whatWasMeasuredOnceAndAlarmsAreThere() throws Exception {
        Files.writeString(folder.resolve("metrics.jsonl"), """
            {"step": 1, "loss/train": 3.5, "cost/calls": 5, "tokensPerSecond": 10, "seconds": 0.1}
            {"step": 2, "loss/train": 3.1, "cost/calls": 5, "fid": 258.7312, "fid/distinct": 0.05, "tokensPerSecond": 10, "seconds": 0.2}
            """);
        Files.writeString(folder.resolve("run.json"), """
            {"status": "finished", "step": 2, "measures": [
             {"name": "cost/calls", "unit": "", "taken": "evaluation", "better": "lower"}]}
            """);
        Files.writeString(folder.resolve("verdict.json"), """
            {"schema": "kolotoc.verdict/1", "verdict": "not met",
             "criteria": [{"criterion": "a <= 1", "value": null, "measured": false, "holds": false}],
             "controlsRefusedBy": {"constant": null},
             "alarms": [{"metric": "fid/distinct", "value": 0.05, "says": "collapsed"}]}
            """);
        String page = report().getDocumentElement().getTextContent();
        assertTrue(page.contains("fid258.7"), page);
        assertTrue(page.contains("fid/distinct0.05000"), page);
        assertTrue(page.contains("cost/calls5.000"), page);
        assertTrue(page.contains("alarmcollapsedfid/distinct 0.0500"), page);
        assertTrue(page.contains("a <= 1not measured"), page);
        assertTrue(page.contains("not judgedcontrol «constant»nothing was measured"), page);
        assertEquals(1, report().getElementsByTagName("svg").getLength(), "of the loss alone");
    }

    /** Nobody measured it, which is not to be taken for a number that is none. */
    @Test
    void aFindingWithoutAValueIsRefusedByItsField() throws Exception {
        Files.writeString(folder.resolve("verdict.json"), """
            {"schema": "kolotoc.verdict/1", "verdict": "not met",
             "criteria": [{"criterion": "a <= 1", "holds": false}], "controlsRefusedBy": {}}
            """);
        InputError error = assertThrows(InputError.class, this::report);
        assertTrue(error.getMessage().contains("verdict.json: $.criteria[0].value is missing"), error.getMessage());
        assertTrue(error.next().contains("./kolotoc run --resume"), error.next());
    }

    @Test
    void ofThousandsOfSamplesAPageHasTheFirst() throws Exception {
        Path at = folder.resolve("samples/step-00000002");
        for (int i = 1; i < 30; i++) {
            Files.writeString(at.resolve(i + ".txt"), "sample " + i + ".");
        }
        String page = report().getDocumentElement().getTextContent();
        assertTrue(page.contains("sample 9.") && page.contains("sample 23."), page);
        assertFalse(page.contains("sample 24."), page);
        assertTrue(page.contains("and 6 more in samples/step-00000002"), page);
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

    /** Whoever wrote the lines: a folder may come from somebody else. */
    @Test
    void whatProbesReadIsDrawn() throws Exception {
        Path picture = Files.createDirectories(folder.resolve("probes/attention/train"))
                .resolve("a.png");
        Files.write(picture, new byte[] {1, 2, 3});
        Files.writeString(folder.resolve("secret.png"), "secret");
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= 3; step++) {
            for (int layer = 0; layer < 8; layer++) {
                lines.append(String.format(
                        java.util.Locale.ROOT,
                        "{\"step\": %d, \"phase\": \"p\", \"probe\": \"activations\", \"program\": \"<i>\", \"run\": 1,"
                                + " \"values\": {\"b%d/mean\": %d, \"b%d/max\": \"NaN\"}, \"pictures\":"
                                + " [\"probes/attention/train/a.png\", \"probes/../secret.png\"]}\n",
                        step,
                        layer,
                        layer,
                        layer));
            }
        }
        Files.writeString(folder.resolve("probes.jsonl"), lines + "half a li");
        String page = report().getDocumentElement().getTextContent();
        assertTrue(page.contains("What probes read"), page);
        assertTrue(page.contains("activations of <i>, mean: the 6 largest of 8"), page);
        String html = Files.readString(folder.resolve("report.html"));
        assertTrue(html.contains("b7/mean") && html.contains("b2/mean") && !html.contains("b1/mean"), html);
        assertFalse(html.contains("b1/max"), "what is no number is no curve");
        assertTrue(html.contains(Base64.getEncoder().encodeToString(new byte[] {1, 2, 3})), html);
        assertFalse(html.contains(Base64.getEncoder().encodeToString("secret".getBytes(StandardCharsets.UTF_8))), html);
    }

    @Test
    void whatBrokeIsNamed() throws Exception {
        assertFalse(report().getDocumentElement().getTextContent().contains("What broke"));
        Files.writeString(folder.resolve("lock.json"), """
            {"quarantined": [{"bundle": {"name": "my-<b>", "version": "1.1.0"}, "step": 250, "reason": "it threw"}]}
            """);
        String page = report().getDocumentElement().getTextContent();
        assertTrue(page.contains("my-<b> 1.1.0, after step 250: it threw"), page);
    }

    @Test
    void thePictureOfAFolderIsAnImageThatCanDoNothing() throws Exception {
        assertEquals(0, report().getElementsByTagName("img").getLength(), "a run of an older version has none");
        String picture = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        Files.writeString(folder.resolve("experiment.svg"), picture);
        Document report = report();
        assertEquals(0, report.getElementsByTagName("script").getLength());
        String source = ((Element) report.getElementsByTagName("img").item(0)).getAttribute("src");
        String type = "data:image/svg+xml;base64,";
        assertTrue(source.startsWith(type), source);
        assertEquals(
                picture,
                new String(Base64.getDecoder().decode(source.substring(type.length())), StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("experiment.svg"), " ".repeat((1 << 20) + 1));
        assertEquals(0, report().getElementsByTagName("img").getLength(), "nobody draws so much");
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

    private void measured(String declared, String lines) throws IOException {
        Files.writeString(
                folder.resolve("run.json"),
                "{\"status\": \"finished\", \"step\": 9, \"measures\": [" + declared + "]}");
        Files.writeString(folder.resolve("metrics.jsonl"), lines);
    }

    private static String declared(String name, String unit, String taken, String better) {
        return String.format(
                "{\"name\": \"%s\", \"unit\": \"%s\", \"taken\": \"%s\", \"better\": \"%s\"}",
                name, unit, taken, better);
    }

    private static String lines(int count, IntFunction<String> measures) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("{\"step\": ")
                    .append(i)
                    .append(", \"phase\": \"p\", \"phaseStep\": ")
                    .append(i)
                    .append(", ")
                    .append(measures.apply(i))
                    .append(", \"seconds\": 1}\n");
        }
        return lines.toString();
    }

    /** Of any family and phase: what is drawn, and over which axes, follows from what plugins declare. */
    @Test
    void measuresOfOneUnitShareTheirAxes() throws Exception {
        measured(
                String.join(
                        ",",
                        declared("learning-rate", "", "step", "neither"),
                        declared("loss/generator", "nats", "step", "lower"),
                        declared("loss/critic", "nats", "step", "lower"),
                        declared("reward", "", "evaluation", "higher"),
                        declared("pictures", "pictures", "work", "higher"),
                        declared("never", "", "evaluation", "higher")),
                lines(
                        3,
                        i -> "\"learning-rate\": 1e-5, \"loss/generator\": " + i + ", \"loss/critic\": " + -i
                                + ", \"pictures\": 64, \"reward\": " + 1e6 * i + ", \"more <b>\": " + i));
        var pictures = report().getElementsByTagName("h3");
        List<String> captions = new ArrayList<>();
        for (int i = 0; i < pictures.getLength(); i++) {
            captions.add(pictures.item(i).getTextContent());
        }
        assertEquals(List.of("loss/generator, loss/critic", "reward", "more <b>", "learning-rate"), captions);
    }

    @Test
    void aRunOfAnyLengthIsDrawnByFewPoints() throws Exception {
        measured(
                declared("loss", "nats", "step", "lower"),
                lines(20_003, i -> "\"loss\": " + (i < 20_000 ? "2.5" : "7.5")));
        String path = ((Element) report().getElementsByTagName("path").item(0)).getAttribute("d");
        int points = path.split("[ML]").length - 1;
        assertTrue(points >= 400 && points <= 801, "drawn by " + points + " points");
        assertTrue(Files.readString(folder.resolve("report.html")).contains("loss, means of neighbours"));
        List<String> heights = Arrays.stream(path.split("[ML]"))
                .filter(point -> !point.isEmpty())
                .map(point -> point.split(" ")[1])
                .toList();
        assertEquals(1, Set.copyOf(heights.subList(0, heights.size() - 1)).size(), "means of one value are that value");
        assertNotEquals(heights.getFirst(), heights.getLast(), "the end is drawn too");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0",
                "1 1",
                "-3 5",
                "1e-300 2e-300",
                "-1.7e308 1.7e308",
                "1e9 1000000001",
                "0.123456 0.123457",
                "-1e-320 0",
                "0 4.9e-324"
            })
    void anyNumbersHaveAxes(String range) throws Exception {
        String[] ends = range.split(" ");
        measured(declared("m", "", "step", "lower"), lines(5, i -> "\"m\": " + ends[i % 2]));
        Document report = report();
        String text = Files.readString(folder.resolve("report.html"));
        assertFalse(text.contains("NaN") || text.contains("Infinity"), text);
        String path = ((Element) report.getElementsByTagName("path").item(0)).getAttribute("d");
        for (String point : path.substring(1).split("[ML]")) {
            double y = Double.parseDouble(point.split(" ")[1]);
            assertTrue(y >= 15 && y <= 281, range + ": " + path);
        }
        Set<String> labels = new HashSet<>();
        var texts = report.getElementsByTagName("text");
        for (int i = 0; i < texts.getLength(); i++) {
            if (((Element) texts.item(i)).getAttribute("text-anchor").equals("end")) {
                assertTrue(labels.add(texts.item(i).getTextContent()), "two lines of one value: " + labels);
            }
        }
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
    void picturesAndOtherSamplersAreShown() throws Exception {
        Path step = folder.resolve("samples/step-00000002");
        Path faces = Files.createDirectory(step.resolve("faces"));
        byte[] picture = {1, 2, 3};
        Files.write(faces.resolve("0.png"), picture);
        Files.write(step.resolve("1.svg"), picture);
        Files.write(step.resolve("2.wav"), picture);
        Files.write(step.resolve("3.png"), new byte[(1 << 20) + 1]);
        Files.writeString(faces.resolve("1.txt"), "a face");
        Document report = report();
        var images = report.getElementsByTagName("img");
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < images.getLength(); i++) {
            shown.add(((Element) images.item(i)).getAttribute("src"));
        }
        assertEquals(List.of("data:image/svg+xml;base64,AQID", "data:image/png;base64,AQID"), shown);
        String text = report.getElementsByTagName("figure").item(1).getTextContent();
        for (String part : List.of("plain words", "step-00000002/2.wav", "step-00000002/3.png", "faces", "a face")) {
            assertTrue(text.contains(part), () -> part + " expected in " + text);
        }
    }

    @Test
    void aLinkAmongTheSamplesIsNotFollowed() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "a secret");
        Files.createSymbolicLink(folder.resolve("samples/step-00000002/9.txt"), secret);
        assertFalse(report().getDocumentElement().getTextContent().contains("a secret"));
    }

    @Test
    void aFolderWithoutStepsHasAReportToo() throws Exception {
        for (String file : new String[] {"metrics.jsonl", "verdict.json", "lock.json"}) {
            Files.delete(folder.resolve(file));
        }
        assertEquals(0, report().getElementsByTagName("path").getLength());
    }

    /** Where another plugin came into a seat there is a mark in the curves, and a row that says which. */
    @Test
    void swapsAreMarked() throws Exception {
        String before = text();
        assertFalse(before.contains("stroke-dasharray"), before);
        String status = Files.readString(folder.resolve("run.json"));
        Files.writeString(
                folder.resolve("run.json"),
                status.replaceFirst(
                        "\"measures\"",
                        "\"plugins\": [{\"step\": 1, \"seat\": \"phase 'a'\", \"is\": \"a 2 <b>\", \"was\": \"a 1\"},"
                                + " {}], \"measures\""));
        String after = text();
        String change = "after step 1: phase 'a' is a 2 &lt;b&gt;, was a 1";
        assertTrue(after.contains("<title>" + change + "</title></line>"), after);
        assertTrue(after.contains("<th>swapped</th><td>" + change + "</td>"), after);
        report();
    }

    private String text() throws IOException {
        Report.write(folder);
        return Files.readString(folder.resolve(RunFolder.REPORT));
    }
}
