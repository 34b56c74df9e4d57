package org.kolotoc.probe;

import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.api.probe.Reading;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;
import org.osgi.service.component.annotations.Component;

/**
 * The norm of each gradient, by the name of the weight, and of all together, {@code all}: as the loss gives them, before
 * clipping. Of a batch in parts, each part's.
 */
@Component
@Seat(kind = Probe.KIND, id = "gradient-norms", summary = "the norm of the gradient of each weight, before clipping")
public final class GradientNorms implements Probe<Settings.None> {
    private static final String ALL = "all";

    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Optional<Reading> prepare(Settings.None settings, ProbeContext context) {
        Map<String, Tensor> gradients = context.values().gradients();
        gradients.forEach((name, gradient) -> context.output(name, Functions.norm(context.of(gradient))));
        return gradients.isEmpty()
                ? Optional.empty()
                : Optional.of((observed, out) -> {
                    double squares = 0;
                    for (String name : gradients.keySet()) {
                        double norm = observed.scalar(name);
                        squares += norm * norm;
                        out.put(name, norm);
                    }
                    out.put(ALL, Math.sqrt(squares));
                });
    }
}
