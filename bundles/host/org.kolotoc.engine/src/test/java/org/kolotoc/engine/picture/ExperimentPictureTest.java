package org.kolotoc.engine.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.prepare.Overview;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The picture is read as XML, as a viewer does. */
final class ExperimentPictureTest {
    private static final String LONG = "a-name-that-has-a-hundred-letters-".repeat(3);

    private static Overview.Source source(String name) {
        return new Overview.Source(
                name, "template-world", List.of("i32 tokens[batch,time]"), Map.of("vocab", 33), 5, 0);
    }

    private static Overview.Net net(String name, String start, String... trainedBy) {
        return new Overview.Net(name, "gpt", "in -> out", 123_456, 0, 5, List.of(trainedBy), start);
    }

    private static Overview.Part part(String name, Map<String, String> models, Map<String, String> starts) {
        return new Overview.Part(
                name,
                "pretrain",
                40,
                Map.of("optimizer", "lion"),
                Map.of("data", "world"),
                models,
                starts,
                List.of(),
                9);
    }

    /** Everything there is: frozen weights that are read and begun with, a model of another run, two samplers. */
    private static Overview rlhf() {
        return new Overview(
                "assistant",
                7,
                120,
                List.of(source("world"), source("chats")),
                new Overview.Tokens("char", "world"),
                List.of(net("policy", "", "pretrain", "rlhf"), net("reward", "runs/base step 5000", "judge")),
                List.of(
                        part("pretrain", Map.of("model", "policy"), Map.of()),
                        part("judge", Map.of("model", "reward"), Map.of("reward", "policy@pretrain")),
                        part(
                                "rlhf",
                                new TreeMap<>(
                                        Map.of("model", "policy", "reference", "policy@pretrain", "reward", "reward")),
                                Map.of())),
                List.of(
                        new Overview.Drawn(
                                "text", "text", Map.of(), Map.of(), Map.of("model", "policy"), List.of("end"), 4),
                        new Overview.Drawn(
                                "before",
                                "text",
                                Map.of(),
                                Map.of(),
                                Map.of("model", "policy@judge"),
                                List.of("end"),
                                4)),
                List.of(new Overview.Judge(
                        "word-rate", Map.of(), "text", Map.of("data", "world"), Map.of(), List.of())),
                List.of());
    }

    private static Document read(Overview overview) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(ExperimentPicture.svg(overview))));
    }

    private static List<Element> all(Document picture, String tag, String ofClass) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = picture.getElementsByTagName(tag);
        for (int i = 0; i < nodes.getLength(); i++) {
            Element element = (Element) nodes.item(i);
            if ((" " + element.getAttribute("class") + " ").contains(" " + ofClass + " ")) {
                found.add(element);
            }
        }
        return found;
    }

    private static String title(Element element) {
        return element.getElementsByTagName("title").item(0).getTextContent();
    }

    @Test
    void everybodyIsThereWithWhatHeIs() throws Exception {
        Set<String> boxes = new TreeSet<>();
        all(read(rlhf()), "g", "box").forEach(box -> boxes.add(title(box).replace("\n", " | ")));
        assertEquals(
                new TreeSet<>(Set.of(
                        "world | template-world | vocab 33",
                        "char | tokenizer, made for world",
                        "chats | template-world | vocab 33",
                        "1  pretrain | pretrain · 40 steps | optimizer lion | 0.0 MB of memory",
                        "2  judge | pretrain · 40 steps | optimizer lion | 0.0 MB of memory",
                        "3  rlhf | pretrain · 40 steps | optimizer lion | reference: policy@pretrain | reward: reward"
                                + " | 0.0 MB of memory",
                        "policy | gpt · 123 k parameters",
                        "policy@pretrain | kept at the end of pretrain",
                        "policy@judge | kept at the end of judge",
                        "runs/base step 5000 | weights of another run",
                        "reward | gpt · 123 k parameters",
                        "text | text · 4 at end",
                        "before | text · 4 at end",
                        "word-rate | against world")),
                boxes);
    }

    @Test
    void everyArrowIsThereOnce() throws Exception {
        List<String> arrows = all(read(rlhf()), "path", "edge").stream()
                .filter(edge -> edge.getElementsByTagName("title").getLength() > 0)
                .map(edge -> edge.getAttribute("class").replace("edge ", "") + ": " + title(edge))
                .sorted()
                .toList();
        assertEquals(
                List.of(
                        "begins: in judge, reward begins with policy@pretrain",
                        "begins: reward begins with weights of runs/base step 5000",
                        "draws: policy makes text",
                        "draws: policy@judge makes before",
                        "gives: judge learns from world",
                        "gives: pretrain learns from world",
                        "gives: rlhf learns from world",
                        "gives: world is what the tokenizer is made for",
                        "judges: word-rate judges text",
                        "keeps: what policy is at the end of judge is kept",
                        "keeps: what policy is at the end of pretrain is kept",
                        "order: then comes judge",
                        "order: then comes rlhf",
                        "reads: rlhf reads the weights of policy@pretrain",
                        "reads: rlhf reads the weights of reward",
                        "trains: judge trains reward",
                        "trains: pretrain trains policy",
                        "trains: rlhf trains policy"),
                arrows);
    }

    /** A rectangle on the page. */
    private record Area(String what, double x, double y, double width, double height) {
        boolean overlaps(Area other) {
            return x < other.x + other.width
                    && other.x < x + width
                    && y < other.y + other.height
                    && other.y < y + height;
        }

        boolean holds(Area other) {
            return x <= other.x
                    && y <= other.y
                    && other.x + other.width <= x + width
                    && other.y + other.height <= y + height;
        }
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static Area area(Element rect) {
        return new Area(
                title((Element) rect.getParentNode()),
                number(rect, "x"),
                number(rect, "y"),
                number(rect, "width"),
                number(rect, "height"));
    }

    /** Widths of DejaVu Sans, thousandths of its size: of the usual sans-serif fonts the widest. */
    private static final int[] LETTERS = {
        613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592,
        818, 592, 592, 525
    };

    private static double width(int character) {
        return character >= 'a' && character <= 'z'
                ? LETTERS[character - 'a'] / 1000.0
                : " .,:;|()-·".indexOf(character) >= 0
                        ? 0.36
                        : character > 0x1100 && character != '…' || "MW%@".indexOf(character) >= 0
                                ? 1
                                : Character.isUpperCase(character) ? 0.75 : 0.64;
    }

    private static Area area(Element text, double size) {
        String shown = text.getTextContent();
        double wide =
                shown.codePoints().mapToDouble(ExperimentPictureTest::width).sum();
        return new Area(shown, number(text, "x"), number(text, "y") - 0.8 * size, wide * size, size);
    }

    private static void requireRoom(Overview overview) throws Exception {
        Document picture = read(overview);
        Element svg = picture.getDocumentElement();
        Area page = new Area("page", 0, 0, number(svg, "width"), number(svg, "height"));
        List<Area> boxes = new ArrayList<>();
        List<Area> texts = new ArrayList<>();
        for (Element group : all(picture, "g", "box")) {
            Area box = area((Element) group.getElementsByTagName("rect").item(0));
            boxes.add(box);
            NodeList lines = group.getElementsByTagName("text");
            for (int i = 0; i < lines.getLength(); i++) {
                Area line = area((Element) lines.item(i), i == 0 ? 14 : 12);
                assertTrue(box.holds(line), () -> line + " leaves " + box);
                texts.add(line);
            }
        }
        all(picture, "text", "title").forEach(text -> texts.add(area(text, 17)));
        all(picture, "text", "head").forEach(text -> texts.add(area(text, 13)));
        all(picture, "text", "legend").forEach(text -> texts.add(area(text, 12)));
        for (List<Area> kind : List.of(boxes, texts)) {
            for (int i = 0; i < kind.size(); i++) {
                Area one = kind.get(i);
                assertTrue(page.holds(one), () -> one + " leaves " + page);
                kind.subList(0, i).forEach(other -> assertFalse(one.overlaps(other), () -> one + " lies on " + other));
            }
        }
        boxes.forEach(box -> all(picture, "text", "head")
                .forEach(head -> assertFalse(box.overlaps(area(head, 13)), () -> "a head lies on " + box)));
        requireFreeSides(picture, boxes);
    }

    /** Arrows end at the sides of boxes, no two in one place, and cross no box on their way. */
    private static void requireFreeSides(Document picture, List<Area> boxes) {
        Set<String> ends = new HashSet<>();
        for (Element edge : all(picture, "path", "edge")) {
            if (edge.getElementsByTagName("title").getLength() == 0) {
                continue;
            }
            String[] numbers =
                    edge.getAttribute("d").replaceAll("[MCL]", "").strip().split(" +");
            double[] at = IntStream.range(0, numbers.length)
                    .mapToDouble(i -> Double.parseDouble(numbers[i]))
                    .toArray();
            String from = at[0] + " " + at[1];
            String to = at[at.length - 2] + " " + at[at.length - 1];
            assertTrue(ends.add(from), () -> "two arrows at " + from);
            assertTrue(ends.add(to), () -> "two arrows at " + to);
            for (int i = 1; i < 40; i++) {
                double t = i / 40.0;
                double[] point = at.length == 8
                        ? new double[] {bezier(t, at[0], at[2], at[4], at[6]), bezier(t, at[1], at[3], at[5], at[7])}
                        : new double[] {at[0] + t * (at[2] - at[0]), at[1] + t * (at[3] - at[1])};
                Area dot = new Area(title(edge), point[0], point[1], 0.01, 0.01);
                boxes.forEach(box -> assertFalse(box.overlaps(dot), () -> dot + " crosses " + box));
            }
        }
    }

    private static double bezier(double t, double a, double b, double c, double d) {
        double u = 1 - t;
        return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
    }

    @Test
    void nothingLiesOnSomethingElse() throws Exception {
        requireRoom(rlhf());
        requireRoom(many(""));
    }

    @Test
    void longNamesAreShortenedAndToldInFull() throws Exception {
        requireRoom(many(LONG));
        requireRoom(many("WWWWMMMM%%%%".repeat(8)));
        requireRoom(many("漢字仮名交じり文".repeat(12)));
        Element box = all(read(many(LONG)), "g", "source").getFirst();
        assertTrue(title(box).contains(LONG + 0), title(box));
        assertTrue(box.getElementsByTagName("text").item(0).getTextContent().endsWith("…"));
    }

    /** Ten of everything. */
    private static Overview many(String prefix) {
        List<Overview.Source> data = new ArrayList<>();
        List<Overview.Net> models = new ArrayList<>();
        List<Overview.Part> phases = new ArrayList<>();
        List<Overview.Drawn> samples = new ArrayList<>();
        List<Overview.Judge> metrics = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            data.add(source(prefix + i));
            models.add(net(prefix + i, i == 5 ? "runs/" + prefix : "", prefix + i));
            phases.add(new Overview.Part(
                    prefix + i,
                    "pretrain",
                    1,
                    Map.of(),
                    Map.of("data", prefix + i),
                    Map.of("model", prefix + (9 - i)),
                    i == 0 ? Map.of() : Map.of(prefix + i, prefix + "3@" + prefix + 0),
                    List.of(),
                    1));
            samples.add(new Overview.Drawn(
                    prefix + i, "text", Map.of(), Map.of(), Map.of("model", prefix + i), List.of("end"), 1));
            metrics.add(new Overview.Judge(prefix + i, Map.of(), prefix + i, Map.of(), Map.of(), List.of("m")));
        }
        return new Overview(
                prefix + "many",
                1,
                10,
                data,
                new Overview.Tokens("char", prefix + 0),
                models,
                phases,
                samples,
                metrics,
                List.of());
    }

    @Test
    void hostileNamesStayText() throws Exception {
        String evil = "</text><script>alert(1)</script>&\"'\u0001\u202e\n]]>";
        Document picture = read(many(evil));
        assertEquals(0, picture.getElementsByTagName("script").getLength());
        String svg = ExperimentPicture.svg(many(evil));
        assertFalse(svg.contains("<script"), svg);
        assertFalse(svg.contains("\u202e"), "nothing turns the reading direction");
        assertTrue(title(all(picture, "g", "source").getFirst()).contains("<script>"), "it is told as it is");
    }

    @Test
    void aSmallExperimentHasNoEmptyColumns() throws Exception {
        Overview small = new Overview(
                "small",
                1,
                40,
                List.of(source("world")),
                null,
                List.of(net("model", "", "pretrain")),
                List.of(part("pretrain", Map.of("model", "model"), Map.of())),
                List.of(),
                List.of(),
                List.of());
        Document picture = read(small);
        assertEquals(
                List.of("data", "phases", "models"),
                all(picture, "text", "head").stream()
                        .map(Element::getTextContent)
                        .toList());
        assertEquals(3, all(picture, "g", "box").size());
        requireRoom(small);
    }

    @Test
    void itNeedsNothingFromElsewhereAndIsLegibleInTheDark() {
        String svg = ExperimentPicture.svg(rlhf());
        assertFalse(svg.replace("http://www.w3.org/2000/svg", "").contains("http"), svg);
        assertFalse(svg.contains("href"), svg);
        assertTrue(svg.contains("@media (prefers-color-scheme: dark)"), svg);
        assertEquals(
                List.of("9999", "10 k", "124 M", "12 G"),
                List.of(
                        ExperimentPicture.count(9_999),
                        ExperimentPicture.count(10_001),
                        ExperimentPicture.count(124_439_808),
                        ExperimentPicture.count(12_000_000_000L)));
    }
}
