package org.kolotoc.engine.fill;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;

/** The seat of a judge of samples, filled. */
public final class MetricSeat implements Needing {
    private final Occupant occupant;
    private final Variants variants;
    private final Judge metric;
    private final Weight weight;
    private final Declared declared;

    @FunctionalInterface
    private interface Judge {
        void measure(List<Sample> samples, ProgramContext context, Measurements out);
    }

    @FunctionalInterface
    private interface Weight {
        long bytes(ProgramContext context);
    }

    private MetricSeat(Occupant occupant, Variants variants, Judge metric, Weight weight, Declared declared) {
        this.occupant = occupant;
        this.variants = variants;
        this.metric = metric;
        this.weight = weight;
        this.declared = declared;
    }

    static Optional<MetricSeat> of(Metric<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<MetricSeat> bound(Metric<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new MetricSeat(
                        binding.occupant(),
                        Variants.of(binding.occupant(), settings, plugin::needs),
                        (samples, context, out) -> plugin.measure(settings, samples, context, out),
                        context -> plugin.bytes(settings, context),
                        Declared.of(binding.occupant(), () -> plugin.measures(settings))));
    }

    @Override
    public Occupant occupant() {
        return occupant;
    }

    @Override
    public Needs needs() {
        return variants.needs();
    }

    @Override
    public Map<String, Needs> otherwise() {
        return variants.others().get();
    }

    /** Everything it measures. */
    public List<Measure> measures() {
        return declared.measures();
    }

    /** Memory that it takes. */
    public long bytes(ProgramContext context) {
        return occupant.call("said what memory it takes", () -> weight.bytes(context));
    }

    public void measure(List<Sample> samples, ProgramContext context, Measurements out) {
        occupant.run(
                "judged samples", () -> metric.measure(samples, context, declared.only(out, Measure.Taken.EVALUATION)));
    }
}
