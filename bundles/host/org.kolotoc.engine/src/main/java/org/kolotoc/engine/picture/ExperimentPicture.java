package org.kolotoc.engine.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.prepare.Overview;

/**
 * An experiment as a picture: data, phases, models, samples and judges from left to right, and who gives what to whom. An SVG
 * that needs nothing else, for light and for dark surroundings.
 */
public final class ExperimentPicture {
    /** Between boxes of a column. */
    private static final int GAP = 22;

    private static final int MARGIN = 36;
    private static final int TOP = 84;
    private static final int BETWEEN = 96;
    private static final int LEGEND = 56;
    private static final List<String> HEADS = List.of("data", "phases", "models", "samples", "metrics");

    private static final String STYLE = """
        .paper { fill: #fff; } text { font-family: system-ui, sans-serif; font-size: 12px; fill: #5c5c58; }
        .title { font-size: 17px; font-weight: 600; fill: #222; } .head { font-size: 13px; letter-spacing: .04em; }
        .box rect { stroke-width: 1.2; } .box .name { font-size: 14px; font-weight: 600; fill: #222; }
        .source rect { fill: #eaf1fb; stroke: #7f9fce; } .tokens rect { fill: #f4f8fd; stroke: #7f9fce; }
        .phase rect { fill: #fdf2df; stroke: #d49b3f; } .model rect { fill: #e6f4e8; stroke: #63a56f; }
        .kept rect, .other rect { fill: #f6fbf6; stroke: #63a56f; stroke-dasharray: 5 3; }
        .samples rect { fill: #f4ebf8; stroke: #ab7dbe; } .judge rect { fill: #f2f2ef; stroke: #96968f; }
        .edge { fill: none; stroke-width: 1.5; } .gives { stroke: #6f8fbf; } .order { stroke: #d49b3f; }
        .trains { stroke: #3f8f4f; stroke-width: 2; } .reads { stroke: #3f8f4f; stroke-dasharray: 6 4; }
        .keeps { stroke: #8a8a84; stroke-dasharray: 2 3; } .begins { stroke: #c4622d; stroke-dasharray: 6 3 2 3; }
        .draws { stroke: #9a68b0; } .judges { stroke: #80807a; }
        .tip-gives { fill: #6f8fbf; } .tip-order { fill: #d49b3f; } .tip-trains, .tip-reads { fill: #3f8f4f; }
        .tip-keeps { fill: #8a8a84; } .tip-begins { fill: #c4622d; } .tip-draws { fill: #9a68b0; }
        .tip-judges { fill: #80807a; }
        @media (prefers-color-scheme: dark) {
        .paper { fill: #1b1b1a; } text { fill: #b3b3ad; } .title, .box .name { fill: #eee; }
        .source rect { fill: #1c2a3f; stroke: #5d80b8; } .tokens rect { fill: #1b232f; stroke: #5d80b8; }
        .phase rect { fill: #3a2c14; stroke: #b98638; } .model rect { fill: #1a3320; stroke: #4f9a5d; }
        .kept rect, .other rect { fill: #1c241d; stroke: #4f9a5d; }
        .samples rect { fill: #33213b; stroke: #9a6bb0; } .judge rect { fill: #2b2b29; stroke: #80807a; }
        .trains, .reads { stroke: #62b872; } .tip-trains, .tip-reads { fill: #62b872; }
        .begins { stroke: #e08a57; } .tip-begins { fill: #e08a57; } }
        """;

    private final Overview overview;
    private final List<List<Box>> columns = new ArrayList<>();
    private final Map<String, Box> boxes = new LinkedHashMap<>();
    private final List<Edge> edges = new ArrayList<>();

    private ExperimentPicture(Overview overview) {
        this.overview = overview;
    }

    /** The picture of an experiment. */
    public static String svg(Overview overview) {
        ExperimentPicture picture = new ExperimentPicture(overview);
        picture.data();
        picture.phases();
        picture.models();
        picture.samples();
        picture.connect();
        return picture.draw();
    }

    private void column() {
        columns.add(new ArrayList<>());
    }

    /** @param key of whom others refer to */
    private void box(String kind, String key, String... lines) {
        box(kind, key, List.of(lines));
    }

    private void box(String kind, String key, List<String> lines) {
        Box box = new Box(kind, x(columns.size() - 1), lines);
        columns.getLast().add(box);
        boxes.put(key, box);
    }

    private static int x(int column) {
        return MARGIN + column * (Box.WIDTH + BETWEEN);
    }

    private void data() {
        column();
        for (Overview.Source source : overview.data()) {
            box("source", "data " + source.name(), source.name(), source.id(), text(source.extents(), " "));
            if (overview.tokenizer() != null && overview.tokenizer().fit().equals(source.name())) {
                box("tokens", "tokenizer", overview.tokenizer().id(), "tokenizer, made for " + source.name());
                edge(
                        "data " + source.name(),
                        "tokenizer",
                        "gives",
                        source.name() + " is what the tokenizer is made for");
            }
        }
    }

    private void phases() {
        column();
        String before = null;
        for (int i = 0; i < overview.phases().size(); i++) {
            Overview.Part phase = overview.phases().get(i);
            List<String> lines = new ArrayList<>(List.of(
                    (i + 1) + "  " + phase.name(),
                    phase.id() + " · " + phase.steps() + (phase.steps() == 1 ? " step" : " steps"),
                    text(phase.seats(), " ")));
            roles(phase.data(), lines);
            roles(phase.models(), lines);
            lines.add(Printable.bytes(phase.memoryBytes()) + " of memory");
            box("phase", "phase " + phase.name(), lines);
            if (before != null) {
                edge(before, "phase " + phase.name(), "order", "then comes " + phase.name());
            }
            before = "phase " + phase.name();
        }
    }

    /** What a phase calls by names of its own; an arrow says it of the only data and the only model. */
    private static void roles(Map<String, String> given, List<String> lines) {
        given.forEach((role, name) -> {
            if (!role.equals("data") && !role.equals("model")) {
                lines.add(role + ": " + name);
            }
        });
    }

    private void models() {
        column();
        for (Overview.Net model : overview.models()) {
            if (!model.start().isEmpty()) {
                box("other", "start " + model.name(), model.start(), "weights of another run");
            }
            box("model", "model " + model.name(), model.name(), model.id() + " · " + sizes(model));
            if (!model.start().isEmpty()) {
                edge(
                        "start " + model.name(),
                        "model " + model.name(),
                        "begins",
                        model.name() + " begins with weights of " + model.start());
            }
            references()
                    .filter(ref -> ref.frozen() && ref.model().equals(model.name()))
                    .distinct()
                    .forEach(ref -> box("kept", "model " + ref, ref.toString(), "kept at the end of " + ref.phase()));
        }
    }

    private Stream<ModelRef> references() {
        return Stream.of(
                        overview.phases().stream().flatMap(phase -> phase.models().values().stream()),
                        overview.phases().stream().flatMap(phase -> phase.starts().values().stream()),
                        overview.samples().stream().flatMap(samples -> samples.models().values().stream()),
                        overview.metrics().stream().flatMap(metric -> metric.models().values().stream()))
                .flatMap(refs -> refs)
                .map(ModelRef::of);
    }

    private void samples() {
        column();
        for (Overview.Drawn drawn : overview.samples()) {
            box(
                    "samples",
                    "samples " + drawn.name(),
                    drawn.name(),
                    drawn.id() + " · " + drawn.count() + " at " + String.join(", ", drawn.at()),
                    text(drawn.seats(), " "),
                    drawn.data().isEmpty()
                            ? ""
                            : "against " + String.join(", ", drawn.data().values()));
        }
        column();
        for (Overview.Judge judge : overview.metrics()) {
            box(
                    "judge",
                    "metric " + judge.id(),
                    judge.id(),
                    String.join(", ", judge.measures()),
                    text(judge.seats(), " "),
                    text(judge.models(), ": "),
                    judge.data().isEmpty()
                            ? ""
                            : "against " + String.join(", ", judge.data().values()));
        }
    }

    private void connect() {
        for (Overview.Part phase : overview.phases()) {
            String name = phase.name();
            phase.data().values().stream()
                    .distinct()
                    .forEach(data -> edge("data " + data, "phase " + name, "gives", name + " learns from " + data));
            phase.models().values().stream().distinct().forEach(model -> {
                if (isTrained(model, name)) {
                    edge("phase " + name, "model " + model, "trains", name + " trains " + model);
                } else {
                    edge("model " + model, "phase " + name, "reads", name + " reads the weights of " + model);
                }
            });
            phase.starts()
                    .forEach((model, from) -> edge(
                            "model " + from,
                            "phase " + name,
                            "begins",
                            "in " + name + ", " + model + " begins with " + from));
        }
        references()
                .filter(ModelRef::frozen)
                .distinct()
                .forEach(ref -> edge(
                        "phase " + ref.phase(),
                        "model " + ref,
                        "keeps",
                        "what " + ref.model() + " is at the end of " + ref.phase() + " is kept"));
        for (Overview.Drawn drawn : overview.samples()) {
            drawn.models()
                    .values()
                    .forEach(model -> edge(
                            "model " + model, "samples " + drawn.name(), "draws", model + " makes " + drawn.name()));
        }
        for (Overview.Judge judge : overview.metrics()) {
            edge(
                    "samples " + judge.samples(),
                    "metric " + judge.id(),
                    "judges",
                    judge.id() + " judges " + judge.samples());
        }
    }

    private boolean isTrained(String model, String phase) {
        return overview.models().stream()
                .anyMatch(net -> net.name().equals(model) && net.trainedBy().contains(phase));
    }

    private void edge(String from, String to, String kind, String title) {
        Box begin = boxes.get(from);
        Box end = boxes.get(to);
        if (begin != null && end != null) {
            edges.add(new Edge(begin, end, kind, title));
        }
    }

    private static String text(Map<String, ?> map, String between) {
        return String.join(
                ", ",
                map.entrySet().stream()
                        .map(entry -> entry.getKey() + between + entry.getValue())
                        .toList());
    }

    private static String sizes(Overview.Net model) {
        return count(model.parameters()) + " parameters"
                + (model.statistics() == 0 ? "" : ", " + count(model.statistics()) + " statistics");
    }

    /** A large number for a person: {@code 124 M}. */
    static String count(long number) {
        return number < 10_000
                ? Long.toString(number)
                : number < 10_000_000
                        ? Math.round(number / 1e3) + " k"
                        : number < 10_000_000_000L ? Math.round(number / 1e6) + " M" : Math.round(number / 1e9) + " G";
    }

    private String draw() {
        int used = columns.size();
        while (columns.get(used - 1).isEmpty()) {
            used--;
        }
        int tallest = columns.stream().mapToInt(ExperimentPicture::height).max().orElse(0);
        columns.forEach(column -> place(column, TOP + (tallest - height(column)) / 2));
        int width = Math.max(x(used) - BETWEEN + MARGIN, x(3));
        int height = TOP + tallest + LEGEND;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " role=\"img\" aria-label=\"%s\">\n"
                        + "<style>%s</style>\n"
                        + "<defs>%s</defs>\n"
                        + "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n",
                width,
                height,
                width,
                height,
                Printable.markup("the experiment " + Printable.cut(overview.name(), 120)),
                STYLE,
                tips(),
                width,
                height));
        String about = ", seed " + overview.seed() + ", " + overview.steps() + " steps";
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"title\" x=\"%d\" y=\"34\">%s</text>\n",
                MARGIN,
                Printable.markup(
                        Label.fitting(Printable.cut(overview.name(), 120), width - MARGIN - 300.0, 17) + about)));
        for (int i = 0; i < used; i++) {
            if (!columns.get(i).isEmpty()) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<text class=\"head\" x=\"%d\" y=\"%d\">%s</text>\n",
                        x(i),
                        TOP - 18,
                        HEADS.get(i)));
            }
        }
        arrows(svg);
        boxes.values().forEach(box -> svg.append(box.svg()));
        legend(svg, height - 22);
        return svg.append("</svg>\n").toString();
    }

    private static int height(List<Box> column) {
        return column.stream().mapToInt(box -> box.height + GAP).sum() - (column.isEmpty() ? 0 : GAP);
    }

    private static void place(List<Box> column, int top) {
        int y = top;
        for (Box box : column) {
            box.y = y;
            y += box.height + GAP;
        }
    }

    /** Every arrow has a place of its own at the side of a box, in the order of where they come from. */
    private void arrows(StringBuilder svg) {
        Map<Edge, int[]> ends = new HashMap<>();
        edges.forEach(edge -> ends.put(edge, new int[2]));
        for (Box box : boxes.values()) {
            for (boolean right : new boolean[] {false, true}) {
                List<Edge> here = edges.stream()
                        .filter(edge -> !edge.isVertical()
                                && (edge.from() == box && edge.to().x > box.x == right
                                        || edge.to() == box && edge.from().x > box.x == right))
                        .sorted(Comparator.comparingInt(
                                edge -> (edge.from() == box ? edge.to() : edge.from()).middle()))
                        .toList();
                for (int i = 0; i < here.size(); i++) {
                    int y = box.y + box.height * (i + 1) / (here.size() + 1);
                    ends.get(here.get(i))[here.get(i).from() == box ? 0 : 1] = y;
                }
            }
        }
        edges.forEach(edge -> svg.append(edge.svg(ends.get(edge)[0], ends.get(edge)[1])));
    }

    private static String tips() {
        StringBuilder tips = new StringBuilder();
        for (String kind : List.of("gives", "order", "trains", "reads", "keeps", "begins", "draws", "judges")) {
            tips.append(String.format(
                    Locale.ROOT,
                    "<marker id=\"kolotoc-%s\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\""
                        + " markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"tip-%s\""
                        + " d=\"M0 0 L8 4 L0 8 z\"/></marker>",
                    kind,
                    kind));
        }
        return tips.toString();
    }

    /** What kinds of arrows between phases and models mean, as far as there are any. */
    private void legend(StringBuilder svg, int y) {
        Map<String, String> meanings = new LinkedHashMap<>();
        meanings.put("trains", "trains");
        meanings.put("reads", "reads weights");
        meanings.put("keeps", "is kept at the end");
        meanings.put("begins", "begins with");
        int x = MARGIN;
        for (Map.Entry<String, String> meaning : meanings.entrySet()) {
            if (edges.stream().anyMatch(edge -> edge.kind().equals(meaning.getKey()))) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<path class=\"edge %s\" d=\"M%d %d L%d %d\" marker-end=\"url(#kolotoc-%s)\"/><text"
                                + " class=\"legend\" x=\"%d\" y=\"%d\">%s</text>\n",
                        meaning.getKey(),
                        x,
                        y - 4,
                        x + 34,
                        y - 4,
                        meaning.getKey(),
                        x + 42,
                        y,
                        meaning.getValue()));
                x += 62 + (int) Label.width(meaning.getValue(), 12);
            }
        }
    }
}
