package org.kolotoc.optimizer;

import org.kolotoc.api.OptimizerFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.AdamW;
import org.kolotoc.tensor.Optimizer;
import org.osgi.service.component.annotations.Component;

/** The seat of Adam with decoupled weight decay. */
@Component
@Seat(kind = Seat.OPTIMIZER, id = "adamw", summary = "Adam with decoupled weight decay")
public final class AdamWFamily implements OptimizerFamily<AdamWSettings> {
    @Override
    public Class<AdamWSettings> settings() {
        return AdamWSettings.class;
    }

    @Override
    public Optimizer create(AdamWSettings settings) {
        return new AdamW(settings.beta1(), settings.beta2(), settings.epsilon(), settings.weightDecay());
    }
}
