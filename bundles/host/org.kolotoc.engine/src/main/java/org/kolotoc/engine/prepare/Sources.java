package org.kolotoc.engine.prepare;

import static org.kolotoc.api.Ledger.Kind.NO_EFFECT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.data.DataFiles;
import org.kolotoc.engine.data.SourceContext;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.fill.DataSeat;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.ledger.RunLedger;

/** Opens the data of an experiment. */
final class Sources {
    private Sources() {}

    /** Opens all data: first that which the tokenizer is made for. */
    static Map<String, Dataset> opened(
            Experiment experiment, Seating seating, DataFiles files, RunLedger ledger, Problems problems) {
        List<String> order = new ArrayList<>(experiment.data().keySet());
        if (experiment.tokenizer() != null
                && order.remove(experiment.tokenizer().fit())) {
            order.addFirst(experiment.tokenizer().fit());
        }
        Map<String, Dataset> opened = new LinkedHashMap<>();
        for (String name : order) {
            SeatRef ref = experiment.data().get(name);
            DataSeat seat = seating.data().get(name);
            SourceContext context = new SourceContext(files, ledger.of(seat.occupant(), ref.path()));
            Dataset dataset = problems.of(ref, () -> opened(seat, context, files));
            if (dataset != null) {
                opened.put(name, dataset);
            }
        }
        Optional<InputError> refused = files.refusedByTokenizer();
        refused.ifPresent(fault -> problems.of(experiment.tokenizer().seat(), () -> {
            throw fault;
        }));
        if (experiment.tokenizer() != null && files.fitted().isEmpty() && refused.isEmpty()) {
            ledger.note(
                    NO_EFFECT, "the experiment", experiment.tokenizer().seat().path(), "none of the data is text");
        }
        return opened;
    }

    /** Nothing where the tokenizer refuses: that is a fault of its own settings, and told once, whatever data it is made for. */
    private static Dataset opened(DataSeat seat, SourceContext context, DataFiles files) {
        try {
            return seat.open(context);
        } catch (InputError e) {
            if (files.refusedByTokenizer().filter(fault -> fault == e).isEmpty()) {
                throw e;
            }
            return null;
        }
    }
}
