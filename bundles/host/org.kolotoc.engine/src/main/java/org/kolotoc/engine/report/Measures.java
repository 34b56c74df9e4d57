package org.kolotoc.engine.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Measure;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.MetricsReader;

/**
 * What a run measured, as pictures: measures of one unit over the same axes, those that say which way a model gets better
 * first; and a table of those that have one value.
 */
final class Measures {
    private final List<Measure> declared;
    private final Map<String, Series> series = new LinkedHashMap<>();

    private Measures(List<Measure> declared) {
        this.declared = declared;
        declared.forEach(measure -> series.put(measure.name(), new Series()));
    }

    /**
     * Reads the file of metrics line by line.
     *
     * @param declared what the run's plugins said of their measures; others are drawn each for itself
     */
    static Measures read(Path metrics, List<Measure> declared) throws IOException {
        Measures measures = new Measures(declared);
        MetricsReader.read(
                metrics,
                (line, _) -> line.measures()
                        .forEach((name, value) -> measures.series
                                .computeIfAbsent(name, _ -> new Series())
                                .add(line.step(), value)));
        return measures;
    }

    /**
     * Pictures with captions, and the table; empty where nothing was measured.
     *
     * @param marks what happened after which steps
     */
    String html(Map<Long, String> marks) {
        Map<String, List<String>> telling = new LinkedHashMap<>();
        Map<String, List<String>> others = new LinkedHashMap<>();
        for (String name : series.keySet()) {
            Measure measure = measure(name);
            if (measure.taken() != Measure.Taken.WORK) {
                // A plain number has a scale of its own.
                (measure.better() == Measure.Better.NEITHER ? others : telling)
                        .computeIfAbsent(measure.unit().isEmpty() ? " " + name : measure.unit(), _ -> new ArrayList<>())
                        .add(name);
            }
        }
        StringBuilder html = new StringBuilder();
        StringBuilder rows = new StringBuilder();
        Stream.concat(telling.values().stream(), others.values().stream()).forEach(names -> {
            Curves curves = curves(names, marks);
            if (curves.drawable() && !isConstant(names)) {
                html.append("<h3>")
                        .append(Printable.markup(String.join(", ", names)))
                        .append("</h3>\n")
                        .append(curves.svg(measure(names.getFirst()).unit()));
            } else {
                names.forEach(name -> rows.append(row(name)));
            }
        });
        return rows.isEmpty() ? html.toString() : html + "<table>\n" + rows + "</table>\n";
    }

    private Curves curves(List<String> names, Map<Long, String> marks) {
        Curves curves = new Curves(marks);
        for (String name : names) {
            Series values = series.get(name);
            curves.add(values.smoothed() ? name + ", means of neighbours" : name, values.points());
        }
        return curves;
    }

    /** Whether it is a single evaluation that always had one result, what samples cost say. */
    private boolean isConstant(List<String> names) {
        return names.size() == 1
                && measure(names.getFirst()).taken() == Measure.Taken.EVALUATION
                && series.get(names.getFirst()).isConstant();
    }

    private String row(String name) {
        List<double[]> points = series.get(name).points();
        return points.isEmpty()
                ? ""
                : "<tr><td>" + Printable.markup(name) + "</td><td>"
                        + String.format(Locale.ROOT, "%.4g", points.getLast()[1]) + " "
                        + Printable.markup(measure(name).unit()) + "</td></tr>\n";
    }

    private Measure measure(String name) {
        return declared.stream()
                .filter(measure -> measure.name().equals(name))
                .findFirst()
                .orElseGet(() -> Measure.step(name, "", Measure.Better.LOWER));
    }
}
