package org.kolotoc.engine.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.state.Atomic;

/** {@code index.html} of a suite: what became of each experiment, with the report of its run. One file, no script. */
final class SuitePage {
    static final String FILE = "index.html";

    private static final String STYLE = """
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; vertical-align: top; }
        td:nth-child(3) { text-align: right; } .well { color: #2b8a3e; } .bad { color: #c4321e; }
        """;

    private SuitePage() {}

    static void write(Path folder, String name, List<Row> rows) throws IOException {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
                .append("<meta name=\"viewport\" content=\"width=device-width\"/><title>")
                .append(Printable.markup(name))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(Printable.markup(name))
                .append("</h1>\n<p>")
                .append(Printable.markup(Suite.summary(rows)))
                .append("</p>\n<table><tr><th>experiment</th><th>verdict</th><th>seconds</th><th></th></tr>\n");
        for (Row row : rows) {
            boolean reported = !row.run().isEmpty()
                    && Files.isRegularFile(folder.resolve(row.run()).resolve(RunFolder.REPORT));
            String shown = Printable.markup(row.experiment());
            html.append("<tr><td>")
                    .append(
                            reported
                                    ? "<a href=\"" + Printable.markup(row.run()) + "/" + RunFolder.REPORT + "\">"
                                            + shown + "</a>"
                                    : shown)
                    .append("</td><td class=\"")
                    .append(row.state().isWell() ? "well" : "bad")
                    .append("\">")
                    .append(row.state().label())
                    .append("</td><td>")
                    .append(String.format(Locale.ROOT, "%.1f", row.seconds()))
                    .append("</td><td>")
                    .append(Printable.markup(row.reason()))
                    .append("</td></tr>\n");
        }
        Atomic.write(
                folder.resolve(FILE), html.append("</table>\n</body></html>\n").toString());
    }
}
