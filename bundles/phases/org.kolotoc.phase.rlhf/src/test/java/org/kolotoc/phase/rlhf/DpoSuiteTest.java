package org.kolotoc.phase.rlhf;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;

class DpoSuiteTest extends PhaseConformance<DpoSettings> {
    @Override
    protected Phase<DpoSettings> phase() {
        return new Dpo();
    }

    @Override
    protected DpoSettings settings() {
        return new DpoSettings(2, 0.5, 0.05, 0.001, 2, 1);
    }

    @Override
    protected Stream<DpoSettings> otherBatches() {
        return Stream.of(new DpoSettings(1, 0.5, 0.05, 0.001, 2, 1), new DpoSettings(7, 0.5, 0.05, 0.001, 2, 1));
    }

    @Override
    protected Stream<Refused<DpoSettings>> refused() {
        return Stream.of(new Refused<>(new DpoSettings(2, 0.5, 0.001, 0.05, 2, 1), "minLearningRate"));
    }

    @Override
    protected ChatDataset data() {
        return Toyland.PREFERENCES;
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", Toyland.policy(), "reference", Toyland.policy());
    }

    @Override
    protected Optional<Tokenizer> tokenizer() {
        return Optional.of(Toyland.PREFERENCES.tokens().tokenizer());
    }
}
