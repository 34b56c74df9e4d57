package org.kolotoc.engine.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.MetricsReader;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.engine.ledger.LedgerFile;
import org.kolotoc.engine.ledger.Line;
import org.kolotoc.engine.profile.FlamePicture;
import org.kolotoc.engine.profile.Profile;
import org.kolotoc.engine.state.Atomic;

/**
 * {@code report.html} of a run folder, made from the folder's files alone: verdict, or where it was stopped, curves of what was measured, samples
 * side by side, where the time goes if it was profiled, what it ran with. One file, no script, nothing loaded from anywhere.
 */
public final class Report {
    private static final String STYLE = """
        :root { color-scheme: light dark; } .whole { max-width: 100%; height: auto; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
        h3 { font-size: 1rem; margin: 1.5rem 0 .3rem; }
        table { border-collapse: collapse; } td, th { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top; }
        .ok { color: #176f2c; } .bad { color: #b3261e; } .samples { display: flex; gap: 1rem; overflow-x: auto; }
        .samples figure { margin: 0; min-width: 20rem; flex: 1; } pre { white-space: pre-wrap; background: #f6f6f4;
        padding: .8rem; font-size: 13px; margin: .3rem 0 1rem; overflow-wrap: anywhere; } figcaption { font-weight: 600; }
        .samples img { min-width: 20rem; image-rendering: pixelated; }
        svg text { font: 12px system-ui, sans-serif; fill: #555; } .small { color: #666; font-size: 13px; }
        @media (prefers-color-scheme: dark) { body { background: #1b1b1a; color: #ddd; } pre { background: #2a2a28; }
        svg text { fill: #aaa; } .ok { color: #7bd88f; } .bad { color: #ff8a80; } }
        """;

    private static final int LARGEST_PICTURE = 1 << 20;

    private final Path folder;
    private final StringBuilder html = new StringBuilder();

    private Report(Path folder) {
        this.folder = folder;
    }

    /** Writes the report of a folder anew where there is one. */
    public static void refresh(Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(RunFolder.REPORT))) {
            write(folder);
        }
    }

    /** Writes the report of a run folder. */
    public static void write(Path folder) throws IOException {
        Atomic.write(folder.resolve(RunFolder.REPORT), new Report(folder).page());
    }

    private String page() throws IOException {
        JsonObject experiment = read("experiment.json");
        String name = text(experiment, "name");
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\"")
                .append(" content=\"width=device-width\"/><title>")
                .append(Printable.markup(name))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(Printable.markup(name))
                .append(", seed ")
                .append(Printable.markup(text(experiment, "seed")))
                .append("</h1>\n");
        stopped();
        verdict();
        picture();
        measures();
        probes();
        quarantined();
        samples();
        profile();
        ledger();
        section("What it ran with");
        lock();
        section("Experiment");
        html.append("<pre>").append(Printable.markup(raw("experiment.json"))).append("</pre>\n</body></html>\n");
        return html.toString();
    }

    private void section(String title) {
        html.append("<h2>").append(title).append("</h2>\n");
    }

    /** Of a run that can go on: how far it went. */
    private void stopped() throws IOException {
        Status.Last last = Status.last(folder);
        if (last.state().filter(Status.State.STOPPED::equals).isPresent()) {
            section("Stopped after step " + last.step());
            html.append("<p>It is saved, and goes on by <code>./kolotoc run --resume ")
                    .append(Printable.markup(folder.toString()))
                    .append("</code></p>\n");
        }
    }

    private void verdict() throws IOException {
        if (!Files.exists(folder.resolve(RunFolder.VERDICT))) {
            return;
        }
        try {
            verdict(Fields.read(folder.resolve(RunFolder.VERDICT)));
        } catch (JsonParseException e) {
            throw broken(RunFolder.VERDICT, e);
        }
    }

    private void verdict(Fields verdict) {
        section("Verdict: " + Printable.markup(verdict.text("verdict")));
        html.append("<table>");
        boolean measured = false;
        for (Fields finding : verdict.objects("criteria")) {
            boolean holds = finding.flag("holds");
            measured |= isMeasured(finding);
            row(holds, holds ? "met" : "not met", finding.text("criterion"), value(finding));
        }
        Fields controls = verdict.object("controlsRefusedBy");
        for (String control : controls.names()) {
            boolean refused = !controls.json().get(control).isJsonNull();
            row(
                    refused,
                    refused ? "refused" : measured ? "passes" : "not judged",
                    "control «" + control + "»",
                    refused
                            ? "by " + controls.text(control)
                            : measured ? "the criteria prove nothing" : "nothing was measured");
        }
        if (verdict.has("alarms")) {
            for (Fields alarm : verdict.objects("alarms")) {
                row(
                        false,
                        "alarm",
                        alarm.text("says"),
                        String.format(Locale.ROOT, "%s %.4f", alarm.text("metric"), alarm.number("value")));
            }
        }
        html.append("</table>\n");
    }

    private static boolean isMeasured(Fields finding) {
        return !finding.has("measured") || finding.flag("measured");
    }

    /** As the terminal shows it; a verdict has no number that is not finite. */
    private static String value(Fields finding) {
        if (!isMeasured(finding) && !finding.json().has("noNumber")) {
            return "not measured";
        }
        if (finding.json().has("noNumber")) {
            return "no number: " + finding.text("noNumber");
        }
        boolean none =
                finding.json().has("value") && finding.json().get("value").isJsonNull();
        return none ? "no finite number" : String.format(Locale.ROOT, "%.4f", finding.number("value"));
    }

    private InputError broken(String file, JsonParseException e) {
        return InputError.of(
                folder.resolve(file) + ": " + e.getMessage(),
                "go on with the run, which writes its verdict and report anew: ./kolotoc run --resume " + folder,
                e);
    }

    private void row(boolean good, String mark, String what, String value) {
        html.append("<tr><td class=\"")
                .append(good ? "ok" : "bad")
                .append("\">")
                .append(Printable.markup(mark))
                .append("</td><td>")
                .append(Printable.markup(what))
                .append("</td><td>")
                .append(Printable.markup(value))
                .append("</td></tr>\n");
    }

    /** As an image, in which a viewer runs nothing and loads nothing, whoever the folder is from. */
    private void picture() throws IOException {
        Path file = folder.resolve(RunFolder.PICTURE);
        if (Files.isRegularFile(file) && Files.size(file) <= LARGEST_PICTURE) {
            section("Who is in it");
            html.append("<img class=\"whole\" alt=\"data, phases, models, samples and metrics of the experiment\"")
                    .append(" src=\"data:image/svg+xml;base64,")
                    .append(Base64.getEncoder().encodeToString(Files.readAllBytes(file)))
                    .append("\"/>\n");
        }
    }

    private void measures() throws IOException {
        String pictures = Measures.read(folder.resolve(MetricsReader.FILE), Status.measures(folder))
                .html(changes());
        if (!pictures.isEmpty()) {
            section("What was measured");
            html.append(pictures);
        }
    }

    private void probes() throws IOException {
        String pictures = ProbePictures.html(folder, changes());
        if (!pictures.isEmpty()) {
            section("What probes read");
            html.append(pictures);
        }
    }

    /** Where another plugin filled a seat, by the step after which it did. */
    private Map<Long, String> changes() throws IOException {
        Map<Long, String> changes = new TreeMap<>();
        if (read("run.json").get("plugins") instanceof JsonArray plugins) {
            for (JsonElement element : plugins) {
                JsonObject change = element instanceof JsonObject object ? object : new JsonObject();
                if (change.get("step") instanceof JsonPrimitive step && step.isNumber()) {
                    changes.merge(
                            step.getAsLong(),
                            "after step " + step + ": " + text(change, "seat") + " is " + text(change, "is") + ", was "
                                    + text(change, "was"),
                            (one, other) -> one + "; " + other);
                }
            }
        }
        return changes;
    }

    /** Nothing where the lock is broken: that is told where the bundles are. */
    private void quarantined() throws IOException {
        JsonObject lock;
        try {
            lock = read("lock.json");
        } catch (InputError _) {
            return;
        }
        if (lock.get("quarantined") instanceof JsonArray bundles && !bundles.isEmpty()) {
            section("What broke, and fills no seat of this run any more");
            html.append("<ul>");
            for (JsonElement element : bundles) {
                JsonObject one = element instanceof JsonObject object ? object : new JsonObject();
                JsonObject bundle = one.get("bundle") instanceof JsonObject object ? object : new JsonObject();
                html.append("<li>")
                        .append(Printable.markup(text(bundle, "name") + " " + text(bundle, "version") + ", after step "
                                + text(one, "step") + ": " + text(one, "reason")))
                        .append("</li>");
            }
            html.append("</ul>\n");
        }
    }

    private void samples() throws IOException {
        Path samples = folder.resolve("samples");
        if (!Files.isDirectory(samples)) {
            return;
        }
        section("Samples");
        html.append(Gallery.html(folder, samples));
    }

    private void profile() throws IOException {
        Optional<Profile> profile = Profile.in(folder);
        if (profile.isPresent()) {
            section("Where the time goes");
            html.append("<p class=\"small\">")
                    .append(Printable.markup(profile.get().device()))
                    .append("</p>\n")
                    .append(FlamePicture.svg(profile.get()));
        }
    }

    private void ledger() throws IOException {
        List<Line> lines = LedgerFile.read(folder);
        if (lines.isEmpty()) {
            return;
        }
        section("What was done in another way than was asked");
        html.append("<table>");
        for (Line line : lines) {
            String when = line.phase().isEmpty() ? "" : line.phase() + ", step " + line.step();
            html.append("<tr>");
            for (String cell : List.of(
                    line.silence().kind().label(),
                    line.silence().path(),
                    line.silence().sentence(),
                    when,
                    line.count() == 1 ? "" : line.count() + " times")) {
                html.append("<td>").append(Printable.markup(cell)).append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private void lock() throws IOException {
        JsonObject lock = new JsonObject();
        try {
            lock = read("lock.json");
        } catch (InputError _) {
            // A run that goes on has warned of it; all else can still be shown.
            html.append("<p class=\"bad\">not known: lock.json is broken</p>\n");
        }
        html.append("<table>");
        for (String field : List.of("jdk", "os", "cpu", "backend", "device")) {
            html.append("<tr><th>")
                    .append(field)
                    .append("</th><td>")
                    .append(Printable.markup(text(lock, field)))
                    .append("</td></tr>\n");
        }
        if (read("run.json").get("devices") instanceof JsonArray devices && devices.size() > 1) {
            for (JsonElement element : devices) {
                JsonObject device = element instanceof JsonObject object ? object : new JsonObject();
                html.append("<tr><th>from step ")
                        .append(Printable.markup(text(device, "step")))
                        .append(" on</th><td>")
                        .append(Printable.markup(text(device, "backend") + ": " + text(device, "device")))
                        .append("</td></tr>\n");
            }
        }
        for (String change : changes().values()) {
            html.append("<tr><th>swapped</th><td>")
                    .append(Printable.markup(change))
                    .append("</td></tr>\n");
        }
        html.append("</table>\n<table class=\"small\">");
        for (JsonElement element : lock.get("bundles") instanceof JsonArray list ? list : new JsonArray()) {
            JsonObject bundle = element instanceof JsonObject object ? object : new JsonObject();
            String hash = text(bundle, "sha256");
            html.append("<tr><td>")
                    .append(Printable.markup(text(bundle, "name")))
                    .append("</td><td>")
                    .append(Printable.markup(text(bundle, "version")))
                    .append("</td><td>")
                    .append(Printable.markup(hash.substring(0, Math.min(16, hash.length()))))
                    .append("</td></tr>\n");
        }
        html.append("</table>\n");
    }

    private JsonObject read(String file) throws IOException {
        Path path = folder.resolve(file);
        try {
            return Files.exists(path) ? Fields.read(path).json() : new JsonObject();
        } catch (JsonParseException e) {
            throw broken(file, e);
        }
    }

    private String raw(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.readString(path) : "{}";
    }

    private static String text(JsonObject object, String field) {
        JsonElement value = object.get(field);
        return value == null || value.isJsonNull()
                ? ""
                : value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }
}
