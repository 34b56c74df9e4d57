package org.kolotoc.eval.image;

import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tensor.Backend;

class JudgePhaseTest extends PhaseConformance<JudgePhaseSettings> {
    @Override
    protected Phase<JudgePhaseSettings> phase() {
        return new JudgePhase();
    }

    @Override
    protected JudgePhaseSettings settings() {
        return new JudgePhaseSettings(16, 0.005, 2);
    }

    @Override
    protected Stream<JudgePhaseSettings> otherBatches() {
        return Stream.of(1, 7, 100).map(batch -> new JudgePhaseSettings(batch, 0.005, 2));
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", Trained.fresh());
    }

    @Override
    protected Dataset data() {
        return Trained.SHAPES;
    }

    @Override
    protected Backend backend() {
        return new CpuBackend(1);
    }
}
