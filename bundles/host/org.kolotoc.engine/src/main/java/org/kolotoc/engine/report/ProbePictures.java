package org.kolotoc.engine.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.ProbesLine;
import org.kolotoc.engine.folder.ProbesLog;

/** What probes read: curves, of the largest where there are many, and the newest pictures. */
final class ProbePictures {
    /** Curves that can be told apart in one picture. */
    private static final int MOST = 6;

    private final Map<Long, String> marks;

    /** By heading, then by name, then by step: of a run that went back the newer reading. */
    private final Map<String, Map<String, TreeMap<Long, Double>>> read = new LinkedHashMap<>();

    private final Set<String> files = new LinkedHashSet<>();

    private ProbePictures(Map<Long, String> marks) {
        this.marks = marks;
    }

    /**
     * The page's part; empty where nothing was read.
     *
     * @param marks what happened after which steps
     */
    static String html(Path run, Map<Long, String> marks) throws IOException {
        ProbePictures pictures = new ProbePictures(marks);
        ProbesLog.read(run, pictures::take);
        StringBuilder html = new StringBuilder();
        pictures.read.forEach((heading, values) -> html.append(pictures.curves(heading, values)));
        List<Path> newest = pictures.files.stream()
                .map(file -> run.resolve(file).normalize())
                .filter(file -> file.startsWith(run.resolve(ProbesLog.FOLDER)) && Files.isRegularFile(file))
                .toList();
        if (!newest.isEmpty()) {
            html.append(Gallery.files(run, newest));
        }
        return html.toString();
    }

    /** Statistics of one kind share a picture: what is behind the last slash, where that says it of several. */
    private void take(ProbesLine line) {
        line.values().forEach((name, value) -> {
            int slash = name.lastIndexOf('/');
            String statistic = slash < 0 || name.indexOf('.') > slash ? "" : ", " + name.substring(slash + 1);
            read.computeIfAbsent(line.probe() + " of " + line.program() + statistic, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(name, _ -> new TreeMap<>())
                    .put(line.step(), value);
        });
        files.addAll(line.pictures());
    }

    private String curves(String heading, Map<String, TreeMap<Long, Double>> values) {
        List<String> names = new ArrayList<>(values.keySet());
        names.sort(Collections.reverseOrder(Comparator.comparingDouble(
                name -> Math.abs(values.get(name).lastEntry().getValue()))));
        Curves curves = new Curves(marks);
        for (String name : names.subList(0, Math.min(MOST, names.size()))) {
            Series series = new Series();
            values.get(name).forEach(series::add);
            curves.add(name, series.points());
        }
        return curves.drawable()
                ? "<h3>" + Printable.markup(heading)
                        + (names.size() > MOST ? ": the " + MOST + " largest of " + names.size() : "") + "</h3>\n"
                        + curves.svg("")
                : "";
    }
}
