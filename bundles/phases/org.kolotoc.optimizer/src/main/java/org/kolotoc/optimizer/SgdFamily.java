package org.kolotoc.optimizer;

import org.kolotoc.api.OptimizerFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.Sgd;
import org.kolotoc.tensor.Optimizer;
import org.osgi.service.component.annotations.Component;

/** The seat of gradient descent. */
@Component
@Seat(kind = Seat.OPTIMIZER, id = "sgd", summary = "gradient descent with momentum")
public final class SgdFamily implements OptimizerFamily<SgdSettings> {
    @Override
    public Class<SgdSettings> settings() {
        return SgdSettings.class;
    }

    @Override
    public Optimizer create(SgdSettings settings) {
        return new Sgd(settings.momentum());
    }
}
