package org.kolotoc.phase.pretrain;

import java.util.stream.Stream;
import org.kolotoc.api.Phase;
import org.kolotoc.phase.pretrain.PretrainSettings.Precision;
import org.kolotoc.phase.pretrain.PretrainSettings.Recompute;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;

class PretrainTest extends PhaseConformance<PretrainSettings> {
    @Override
    protected Phase<PretrainSettings> phase() {
        return new Pretrain();
    }

    @Override
    protected PretrainSettings settings() {
        return settings(3, 0, 1, 1e-3);
    }

    @Override
    protected Stream<Refused<PretrainSettings>> refused() {
        return Stream.of(
                new Refused<>(settings(3, 17, 1, 1e-3), "context"),
                new Refused<>(settings(3, 0, 2, 1e-3), "accumulate"),
                new Refused<>(settings(3, 0, 1, 0.5), "minLearningRate"),
                new Refused<>(with(settings(), Recompute.BLOCKS), "recompute"));
    }

    static PretrainSettings with(PretrainSettings s, Recompute recompute) {
        return new PretrainSettings(
                s.steps(),
                s.batch(),
                s.context(),
                s.accumulate(),
                s.learningRate(),
                s.minLearningRate(),
                s.warmup(),
                s.weightDecay(),
                s.beta1(),
                s.beta2(),
                s.epsilon(),
                s.clip(),
                s.evaluationBatches(),
                recompute,
                s.precision());
    }

    static PretrainSettings settings(int batch, int context, int accumulate, double minLearningRate) {
        return new PretrainSettings(
                40,
                batch,
                context,
                accumulate,
                0.05,
                minLearningRate,
                5,
                0.1,
                0.9,
                0.99,
                1e-8,
                1,
                2,
                Recompute.NONE,
                Precision.F32);
    }
}
