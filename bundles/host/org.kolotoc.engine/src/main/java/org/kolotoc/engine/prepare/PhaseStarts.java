package org.kolotoc.engine.prepare;

import java.util.Map;
import java.util.stream.Collectors;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.tensor.Parameter;

/** Models that begin a phase with weights of this run, as they were at the end of a phase: with all but their own heads. */
final class PhaseStarts {
    private static final String WHO = "the experiment";

    private PhaseStarts() {}

    /** Adds a problem for each model whose weights will not be those of the other but for heads. */
    static void check(
            Experiment experiment, SizedModels sized, Map<String, Model> models, RunLedger ledger, Problems problems) {
        for (PhasePlan phase : experiment.phases()) {
            phase.start().forEach((name, text) -> {
                Model model = models.get(name);
                String origin = ModelRef.of(text).model();
                Model other = models.get(origin);
                if (model == null || other == null) {
                    return;
                }
                String path = phase.seat().path() + ".start." + name;
                LearnedFor learned = sized.beside(
                        name,
                        sized.ref(origin),
                        other.states().stream().map(Parameter::name).collect(Collectors.toSet()));
                if (!learned.isOfOneFamily()) {
                    problems.add(path, learned.otherFamily("\"" + text + "\""));
                    return;
                }
                Begun begun = Begun.announced(model, other);
                if (!begun.faults().isEmpty()) {
                    problems.add(
                            path, "\"" + text + "\" is another model:\n    " + String.join("\n    ", begun.faults()));
                    return;
                }
                learned.note("\"" + text + "\"", path, ledger);
                if (!begun.fresh().isEmpty()) {
                    ledger.note(
                            Ledger.Kind.FALLBACK,
                            WHO,
                            path,
                            text + " has no " + String.join(", ", begun.fresh()) + ": the model's own weights");
                }
                if (!begun.leftOut().isEmpty()) {
                    ledger.note(
                            Ledger.Kind.SKIPPED,
                            WHO,
                            path,
                            "the model has no " + String.join(", ", begun.leftOut()) + ", which " + text
                                    + " has: left out");
                }
            });
        }
    }

    /** Gives the models of a phase what they begin it with. */
    static void begin(PhasePlan phase, Map<String, Model> models, LiveState state) {
        phase.start()
                .forEach((name, text) -> state.fill(
                        name,
                        Begun.of(
                                        models.get(name),
                                        state.tensors(ModelRef.of(text).toString()))
                                .tensors()));
    }
}
