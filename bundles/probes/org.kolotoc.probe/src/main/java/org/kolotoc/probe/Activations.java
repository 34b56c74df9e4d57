package org.kolotoc.probe;

import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.api.probe.Reading;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;
import org.osgi.service.component.annotations.Component;

/** What leaves each layer of the forward pass, over the whole batch: mean, standard deviation, largest size, share of zeros. */
@Component
@Seat(
        kind = Probe.KIND,
        id = "activations",
        summary = "mean, deviation, largest size and zeros of what leaves each layer")
public final class Activations implements Probe<Settings.None> {
    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Optional<Reading> prepare(Settings.None settings, ProbeContext context) {
        Map<String, Tensor> layers = context.values().layers();
        layers.forEach((name, layer) -> {
            Tensor value = context.of(layer);
            Tensor mean = Functions.mean(value);
            context.output(name + "/mean", mean);
            context.output(name + "/std", Functions.mean(value.sub(mean).pow(2)).sqrt());
            context.output(name + "/max", value.abs().max());
            context.output(
                    name + "/zeros", Functions.mean(value.eq(value.constant(0)).cast(DType.F32)));
        });
        return layers.isEmpty()
                ? Optional.empty()
                : Optional.of((observed, out) -> {
                    for (String name : layers.keySet()) {
                        for (String statistic : new String[] {"/mean", "/std", "/max", "/zeros"}) {
                            out.put(name + statistic, observed.scalar(name + statistic));
                        }
                    }
                });
    }
}
