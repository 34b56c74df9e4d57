package decaying;

import org.kolotoc.api.OptimizerFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.nn.AdamW;
import org.kolotoc.tensor.Optimizer;
import org.osgi.service.component.annotations.Component;

/** Another AdamW, which keeps the same things of each weight and updates them otherwise: they decay five times as fast. */
@Component
@Seat(kind = Seat.OPTIMIZER, id = "adamw", summary = "Adam with much decay")
public final class Decaying implements OptimizerFamily<Decaying.Decay> {
    /** How fast weights decay. */
    public record Decay(
            @Settings.Help("share of a weight matrix that is lost a step, times the learning rate")
            @Settings.Default("0.1")
            double weightDecay) {}

    @Override
    public Class<Decay> settings() {
        return Decay.class;
    }

    @Override
    public Optimizer create(Decay settings) {
        return new AdamW(0.9, 0.99, 1e-8, 5 * settings.weightDecay());
    }
}
