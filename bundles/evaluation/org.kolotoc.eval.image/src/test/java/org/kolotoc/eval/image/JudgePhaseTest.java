package org.kolotoc.eval.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.data.pictures.ShapesSettings;
import org.kolotoc.data.pictures.ShapesSource;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.BenchState;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Toys;
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

    private static BenchState.Snapshot learned(int threads) {
        Dataset shapes = new ShapesSource()
                .open(new ShapesSettings(28, 10, 200, 10), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));
        Model judge = new Judge()
                .create(
                        new JudgeSettings(16, 32),
                        new Dimensions(Map.of("channel", 1, "height", 28, "width", 28, "class", 10)));
        try (CpuBackend backend = new CpuBackend(threads);
                Bench bench = new Bench(backend, Map.of("model", judge), shapes, 1)) {
            bench.train(new JudgePhase(), new JudgePhaseSettings(64, 0.01, 2), 0, 4);
            return bench.state().snapshot();
        }
    }

    /** Of a size at which there is work for both. */
    @Test
    void oneThreadAndTwoTeachTheSame() {
        assertEquals("", learned(1).difference(learned(2)));
    }
}
