package org.kolotoc.phase.pretrain;

import java.util.stream.Stream;
import org.kolotoc.api.Phase;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;

class PretrainTest extends PhaseConformance<PretrainSettings> {
    @Override
    protected Phase<PretrainSettings> phase() {
        return new Pretrain();
    }

    @Override
    protected PretrainSettings settings() {
        return settings(0, 1e-3);
    }

    @Override
    protected Stream<Refused<PretrainSettings>> refused() {
        return Stream.of(
                new Refused<>(settings(17, 1e-3), "context"), new Refused<>(settings(0, 0.5), "minLearningRate"));
    }

    private static PretrainSettings settings(int context, double minLearningRate) {
        return new PretrainSettings(40, 3, context, 0.05, minLearningRate, 5, 0.1, 0.9, 0.99, 1e-8, 1, 2);
    }
}
