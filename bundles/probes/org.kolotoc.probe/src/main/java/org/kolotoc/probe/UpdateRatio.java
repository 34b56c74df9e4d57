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

/**
 * How far a step moves each weight, as a part of it: the norm of the change by the norm of the weight before it. The change is
 * computed beside the step, from the same batch and memory of the optimiser, and is not the step's own.
 */
@Component
@Seat(kind = Probe.KIND, id = "update-ratio", summary = "how far a step moves each weight, as a part of its norm")
public final class UpdateRatio implements Probe<Settings.None> {
    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Optional<Reading> prepare(Settings.None settings, ProbeContext context) {
        Map<String, Tensor> updates = context.updates();
        updates.values().removeIf(next -> next.dtype() != DType.F32);
        updates.forEach((name, next) -> {
            Tensor before = context.of(context.state(name));
            context.output(change(name), Functions.norm(context.of(next).sub(before)));
            context.output(norm(name), Functions.norm(before));
        });
        return updates.isEmpty()
                ? Optional.empty()
                : Optional.of((observed, out) -> {
                    for (String name : updates.keySet()) {
                        double norm = observed.scalar(norm(name));
                        // What is zeros yet is no measure of its change.
                        if (norm > 0) {
                            out.put(name, observed.scalar(change(name)) / norm);
                        }
                    }
                });
    }

    private static String change(String weight) {
        return weight + " change";
    }

    private static String norm(String weight) {
        return weight + " norm";
    }
}
