package org.kolotoc.engine.why;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.engine.experiment.Assignment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.json.Lines;

/** Who gave the values that are in the JSON of an experiment. */
final class Origins {
    private static final int SHOWN = 60;

    private final Path file;
    private final boolean ofRun;
    private final Map<String, Integer> lines;
    private final List<Assignment> assignments;
    private final List<Status.Change> changes;

    private Origins(
            Path file,
            boolean ofRun,
            Map<String, Integer> lines,
            List<Assignment> assignments,
            List<Status.Change> changes) {
        this.file = file;
        this.ofRun = ofRun;
        this.lines = lines;
        this.assignments = assignments;
        this.changes = changes;
    }

    static Origins of(ExperimentFile file) {
        Path path = file.path();
        try {
            boolean ofRun = file.origin().run().isPresent();
            return new Origins(
                    path,
                    ofRun,
                    Lines.of(Files.readString(path)),
                    file.assignments(),
                    ofRun ? Status.changes(path.toAbsolutePath().getParent()) : List.of());
        } catch (IOException | JsonParseException _) {
            // It was read a moment ago; where its lines are is no reason to fail.
            return new Origins(path, false, Map.of(), file.assignments(), List.of());
        }
    }

    /**
     * A value that is not a default.
     *
     * @param kind who gave it
     * @param by in words
     */
    record Given(Setting.Kind kind, String by) {}

    /** Who gave the value at a JSON path: whoever set it last, or set what it is in. */
    Given given(String path) {
        Optional<Assignment> set = assignments.reversed().stream()
                .filter(assignment -> assignment.covers(path))
                .findFirst();
        if (set.isPresent()) {
            return new Given(Setting.Kind.FLAG, set.get() + was(set.get(), path));
        }
        Optional<Status.Change> changed = changes.reversed().stream()
                .filter(change -> Assignment.covers(change.path(), path))
                .findFirst();
        if (changed.isPresent()) {
            return new Given(
                    Setting.Kind.CHANGE,
                    "--set " + Printable.cut(changed.get().set(), SHOWN) + " when the run went on after step "
                            + changed.get().step() + " (run.json)");
        }
        String line = lines.containsKey(path) ? ", line " + lines.get(path) : "";
        return new Given(Setting.Kind.FILE, file + line + (ofRun ? ": what the run was begun with" : ""));
    }

    private String was(Assignment assignment, String path) {
        Optional<JsonElement> was =
                assignment.was().filter(value -> assignment.path().equals(path));
        return was.map(value -> " (was " + Printable.cut(value.toString(), SHOWN) + ")")
                .orElse("");
    }
}
