package lion;

import java.util.List;
import org.kolotoc.api.*;
import org.kolotoc.tensor.Optimizer;

/** Moves by the sign of a momentum (Chen et al., arXiv:2302.06675). */
@org.osgi.service.component.annotations.Component
@Seat(kind = Seat.OPTIMIZER, id = "lion", summary = "the sign of a momentum")
public final class Lion implements OptimizerFamily<Lion.Rates> {
    public record Rates(@Settings.Default("0.9") double beta1, double beta2) {}

    public Class<Rates> settings() {
        return Rates.class;
    }

    public Optimizer create(Rates own) {
        return Optimizer.perParameter(List.of("momentum"), (weight, memory, gradient, rate, step) -> {
            var blend = memory.getFirst().mul(own.beta1()).add(gradient.mul(1 - own.beta1()));
            var kept = memory.getFirst().mul(own.beta2()).add(gradient.mul(1 - own.beta2()));
            return List.of(weight.sub(blend.sign().mul(rate)), kept);
        });
    }
}
