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

class PpoSuiteTest extends PhaseConformance<RlhfSettings> {
    @Override
    protected Phase<RlhfSettings> phase() {
        return new Rlhf();
    }

    @Override
    protected RlhfSettings settings() {
        return RlhfTest.settings(RlhfSettings.Weighting.PPO, 2, 12, 0.05, 0.5);
    }

    @Override
    protected Stream<Refused<RlhfSettings>> refused() {
        return Stream.of(
                new Refused<>(RlhfTest.settings(RlhfSettings.Weighting.PPO, 1, 1, 0.1, 0.05), "questions"),
                new Refused<>(RlhfTest.settings(RlhfSettings.Weighting.PPO, 2, 4, 0.1, 0), "minLearningRate"));
    }

    @Override
    protected ChatDataset data() {
        return Toyland.QUESTIONS;
    }

    @Override
    protected Map<String, Model> models() {
        return Toyland.models(true);
    }

    @Override
    protected Optional<Tokenizer> tokenizer() {
        return Optional.of(Toyland.QUESTIONS.tokens().tokenizer());
    }
}
