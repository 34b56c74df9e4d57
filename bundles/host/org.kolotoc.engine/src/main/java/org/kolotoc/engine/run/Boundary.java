package org.kolotoc.engine.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.kolotoc.engine.channel.Drawn;
import org.kolotoc.engine.channel.Evaluation;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Told;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.prepare.Stage;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.probe.Probes;

/**
 * A run between two steps, on its own thread, as it is handed to those who want something of it. What is done here is no
 * part of the run: no state, no measurement of it and no line of its ledger changes.
 *
 * @param stage that takes the next step
 * @param step that was taken last
 * @param probes of the run
 */
record Boundary(Workbench bench, Stage stage, long step, Probes probes, Client client) {
    /** Measures what the phase measures in an evaluation. */
    Evaluation evaluate() {
        Map<String, Double> measures = new LinkedHashMap<>();
        return bench.ledger().aside(() -> {
            stage.training().evaluate(new Told(client, "evaluation", "batches").of(measures::put));
            return new Evaluation(step, stage.plan().name(), measures);
        });
    }

    /**
     * Draws samples.
     *
     * @param time how often they were asked for: each time they are others
     */
    Drawn draw(SamplePlan plan, long time) {
        return bench.ledger()
                .aside(() -> new Drawn(
                        step,
                        plan.name(),
                        plan.text("prompt"),
                        bench.drawing()
                                .draw(
                                        plan,
                                        "asked/" + plan.name() + "/" + step + "/" + time,
                                        new Told(client, "samples", "parts"))
                                .samples()));
    }
}
