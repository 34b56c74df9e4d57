package org.kolotoc.engine.run;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Measure;
import org.kolotoc.engine.prepare.Stage;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.state.NonFinite;

/** Looks at what a phase measures while it trains: whether it is finite, and whether it got anywhere. */
final class Watch {
    private final Workbench bench;
    private final Measured measured;
    private final Map<String, Double> last = new LinkedHashMap<>();
    private long lastStep;
    private int warned = -1;

    /** @param measured has, of a run that goes on, what its last step before measured */
    Watch(Workbench bench, Measured measured) {
        this.bench = bench;
        this.measured = measured;
        if (measured.latest().values().stream().allMatch(Double::isFinite)) {
            last.putAll(measured.latest());
            lastStep = measured.latestStep();
        }
    }

    /**
     * Ends the run when a measure of its phase is not finite. A judge may give what it likes.
     *
     * @param values measured after a step
     * @throws Divergence naming the measure, the tensors and the last finite values
     */
    void requireFinite(Stage stage, long step, Map<String, Double> values) throws IOException {
        for (Map.Entry<String, Double> value : values.entrySet()) {
            if (!Double.isFinite(value.getValue())
                    && stage.seat().measures().stream()
                            .anyMatch(measure -> measure.name().equals(value.getKey()))) {
                String where = "phase '" + stage.plan().name() + "', its step " + (step - bench.begin(stage.place()));
                throw Divergence.of(
                        step,
                        where,
                        value,
                        List.copyOf(
                                NonFinite.in(bench.state().snapshot().tensors()).keySet()),
                        lastStep,
                        last);
            }
        }
        last.clear();
        last.putAll(values);
        lastStep = step;
    }

    /** What to say, once a phase, when its most telling measure of an evaluation is worse than before its first step. */
    Optional<String> worse(Stage stage, long step) {
        int place = stage.place();
        long begin = bench.begin(place);
        if (warned == place || step <= begin) {
            return Optional.empty();
        }
        Optional<String> said = stage.seat().measures().stream()
                .filter(measure ->
                        measure.taken() == Measure.Taken.EVALUATION && measure.better() != Measure.Better.NEITHER)
                .findFirst()
                .flatMap(measure -> worse(stage.plan().name() + "/", measure, begin, step));
        if (said.isPresent()) {
            warned = place;
        }
        return said;
    }

    private Optional<String> worse(String phase, Measure measure, long begin, long step) {
        Optional<Double> before = measured.value(phase + measure.name(), begin);
        Optional<Double> now = measured.value(phase + measure.name(), step);
        if (before.isEmpty() || now.isEmpty()) {
            return Optional.empty();
        }
        double gain = measure.better() == Measure.Better.LOWER ? before.get() - now.get() : now.get() - before.get();
        return gain < 0
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "%s is %.4g after step %d, worse than %.4g before training: it has learned nothing that helps;"
                                + " a lower learning rate or a longer warm-up may",
                        measure.name(),
                        now.get(),
                        step,
                        before.get()))
                : Optional.empty();
    }
}
