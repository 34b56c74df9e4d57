package org.kolotoc.engine.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Measure;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.MetricsReader;

/**
 * What a run measured, as pictures: measures of one unit over the same axes, those that say which way a model gets better
 * first.
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
     * Pictures with captions; empty where nothing was measured twice.
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
        telling.values().forEach(names -> html.append(picture(names, marks)));
        others.values().forEach(names -> html.append(picture(names, marks)));
        return html.toString();
    }

    private String picture(List<String> names, Map<Long, String> marks) {
        Curves curves = new Curves(marks);
        for (String name : names) {
            Series values = series.get(name);
            curves.add(values.smoothed() ? name + ", means of neighbours" : name, values.points());
        }
        return curves.drawable()
                ? "<h3>" + Printable.markup(String.join(", ", names)) + "</h3>\n"
                        + curves.svg(measure(names.getFirst()).unit())
                : "";
    }

    private Measure measure(String name) {
        return declared.stream()
                .filter(measure -> measure.name().equals(name))
                .findFirst()
                .orElseGet(() -> Measure.step(name, "", Measure.Better.LOWER));
    }
}
