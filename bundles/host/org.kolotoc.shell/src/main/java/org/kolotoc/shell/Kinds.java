package org.kolotoc.shell;

import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.fill.Seats;

/** Plugins of one kind. */
final class Kinds {
    private Kinds() {}

    /**
     * Those of a kind.
     *
     * @throws InputError when no plugin is of that kind
     */
    static List<Seats.Installed> of(String kind, List<Seats.Installed> plugins) {
        List<String> kinds =
                plugins.stream().map(Seats.Installed::kind).distinct().toList();
        if (!kinds.contains(kind)) {
            throw InputError.of(
                    "no plugin is of the kind '" + kind + "'" + Nearest.hint(kind, kinds) + " (there are "
                            + String.join(", ", kinds) + ")",
                    "./kolotoc list");
        }
        return plugins.stream().filter(plugin -> plugin.kind().equals(kind)).toList();
    }
}
