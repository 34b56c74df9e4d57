package org.kolotoc.engine.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.report.Gallery;
import org.kolotoc.engine.state.Listing;
import org.kolotoc.engine.state.StepFolder;

/**
 * {@code comparison.html}: verdicts with their intervals, what was compared seed by seed, samples side by side, costs, and in what
 * the sides differ. One file, no script.
 *
 * @param records of all runs that came to an end
 * @param folder of the comparison
 */
record ComparisonPage(Judgement judgement, List<RunRecord> records, Path folder) {
    private static final String STYLE = """
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
        table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; vertical-align: top; }
        .confirmed { color: #2b8a3e; } .refuted, .bad { color: #c4321e; } .small { color: #777; font-size: 13px; }
        svg text { font: 12px system-ui, sans-serif; fill: #777; } .samples { display: flex; gap: 1rem; flex-wrap: wrap; }
        .samples figure { margin: 0; } .samples img { min-width: 16rem; image-rendering: pixelated; }
        pre { white-space: pre-wrap; max-width: 32rem; }
        """;

    String html() throws IOException {
        String title = Printable.markup(judgement.name());
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
                + "<meta name=\"viewport\" content=\"width=device-width\"/><title>" + title + "</title><style>" + STYLE
                + "</style></head><body>\n<h1>" + title + "</h1>\n<p>" + Printable.markup(judgement.summary())
                + "</p>\n" + fair() + claims() + samples() + costs() + differences() + runs() + "</body></html>\n";
    }

    private String fair() {
        StringBuilder html = new StringBuilder("<h2>As much for both</h2>\n<ul>");
        judgement
                .balances()
                .forEach(balance -> html.append(balance.holds() ? "<li>" : "<li class=\"bad\">")
                        .append(Printable.markup(balance.text()))
                        .append("</li>"));
        return html.append("</ul>\n").toString();
    }

    private String claims() {
        StringBuilder html = new StringBuilder("<h2>Claims</h2>\n")
                .append(ValuesPicture.legend(judgement.sides()))
                .append("<table><tr><th>claim</th><th>verdict</th><th>ahead by, with 95 % interval</th><th>asked</th>"
                        + "<th></th></tr>\n");
        for (Judgement.Judged claim : judgement.judged()) {
            Finding finding = claim.finding();
            Optional<Finding.Interval> interval = finding.interval();
            html.append("<tr><td>")
                    .append(Printable.markup(claim.claim()))
                    .append("</td><td class=\"")
                    .append(judgement.verdict(claim))
                    .append("\">")
                    .append(judgement.verdict(claim))
                    .append("</td><td>")
                    .append(Printable.markup(
                            interval.map(Finding.Interval::text).orElse("")))
                    .append("</td><td>")
                    .append(interval.map(known -> "&gt; " + Judgement.number(known.asked()))
                            .orElse(""))
                    .append("</td><td class=\"small\">")
                    .append(Printable.markup(finding.reason()))
                    .append("</td></tr>\n<tr><td colspan=\"5\">")
                    .append(new ValuesPicture(judgement.sides(), finding.values()).svg())
                    .append("</td></tr>\n");
        }
        return html.append("</table>\n").toString();
    }

    /** The first sample of each run, as it was at its end, both sides of a seed side by side. */
    private String samples() throws IOException {
        List<Path> files = new ArrayList<>();
        for (RunRecord run : records) {
            first(run.folder().resolve(RunFolder.SAMPLES)).ifPresent(files::add);
        }
        return files.isEmpty() ? "" : "<h2>Samples</h2>\n" + Gallery.files(folder, files);
    }

    private static Optional<Path> first(Path samples) throws IOException {
        Optional<Path> last = Listing.of(samples).stream()
                .filter(step -> StepFolder.step(step).isPresent())
                .max(StepFolder.BY_STEP);
        if (last.isEmpty()) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(last.get(), 2)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .findFirst();
        }
    }

    private String costs() {
        StringBuilder html = new StringBuilder("<h2>Costs, in the mean over the seeds</h2>\n<table><tr><th></th>");
        judgement.sides().forEach(side -> html.append("<th>").append(side).append("</th>"));
        html.append("</tr>\n");
        for (Judgement.Cost cost : judgement.costs()) {
            row(
                    html,
                    cost.what() + (cost.unit().isEmpty() ? "" : ", " + cost.unit()),
                    side -> Optional.ofNullable(cost.values().get(side))
                            .map(Judgement::number)
                            .orElse(""));
        }
        return html.append("</table>\n"
                        + "<p class=\"small\">Operations of &lt;samples&gt;/cost/flops are for 1,000 examples;"
                        + " calls are runs of programs for a sample, which may have many examples. Times are what"
                        + " this machine took, whatever else it did.</p>\n")
                .toString();
    }

    private String differences() {
        StringBuilder html = new StringBuilder("<h2>In what the sides differ</h2>\n<table><tr><th>setting</th>");
        judgement.sides().forEach(side -> html.append("<th>").append(side).append("</th>"));
        html.append("</tr>\n");
        for (Judgement.Difference difference : judgement.differences()) {
            row(html, difference.path(), side -> difference.values().getOrDefault(side, ""));
        }
        return html.append("</table>\n").toString();
    }

    private void row(StringBuilder html, String what, UnaryOperator<String> bySide) {
        html.append("<tr><td>").append(Printable.markup(what)).append("</td>");
        judgement
                .sides()
                .forEach(side -> html.append("<td>")
                        .append(Printable.markup(bySide.apply(side)))
                        .append("</td>"));
        html.append("</tr>\n");
    }

    private String runs() {
        StringBuilder html = new StringBuilder("<h2>Runs</h2>\n<p>");
        for (RunRecord run : records) {
            html.append("<a href=\"")
                    .append(Printable.markup(folder.relativize(run.folder())
                            .resolve(RunFolder.REPORT)
                            .toString()))
                    .append("\">")
                    .append(Printable.markup(run.name()))
                    .append("</a>")
                    .append(run.diverged() ? " (diverged)" : run.outcome().failed() ? " (failed)" : "")
                    .append(" ");
        }
        return html.append("</p>\n").toString();
    }
}
