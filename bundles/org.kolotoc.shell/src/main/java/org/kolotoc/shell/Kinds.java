package org.kolotoc.shell;

import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Seats;
import org.kolotoc.engine.experiment.Nearest;

/** Plugins of one kind. */
final class Kinds {
    private Kinds() {}

    /**
     * Those of a kind.
     *
     * @throws InputError when no plugin is of that kind
     */
    static List<Seats.Plugin> of(String kind, List<Seats.Plugin> plugins) {
        List<String> kinds = plugins.stream().map(Seats.Plugin::kind).distinct().toList();
        if (!kinds.contains(kind)) {
            throw InputError.of(
                    "no plugin is of the kind '" + kind + "'" + Nearest.hint(kind, kinds) + " (there are "
                            + String.join(", ", kinds) + ")",
                    "./kolotoc list");
        }
        return plugins.stream().filter(plugin -> plugin.kind().equals(kind)).toList();
    }
}
