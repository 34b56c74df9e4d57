package org.kolotoc.phase.pretrain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.phase.pretrain.objective.Objective;
import org.kolotoc.phase.pretrain.objective.SpanFamily;
import org.kolotoc.phase.pretrain.objective.SpanSettings;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;

/** Spans that are taken out, by the smallest model that reads one text and writes another. */
class SpanPretrainTest extends PhaseConformance<PretrainSettings> {
    private static final int TIME = 16;

    /** What is hidden; the rest is the same for all that a model reads one text for and writes another. */
    Objective objective() {
        return new SpanFamily().create(new SpanSettings(0.3, 2, "<extra_id_", ""));
    }

    private PretrainSettings with(int batch, int parts) {
        return MaskedPretrainTest.with(PretrainTest.settings(batch, 0, parts, 1e-2), objective());
    }

    @Override
    protected Phase<PretrainSettings> phase() {
        return new Pretrain();
    }

    @Override
    protected PretrainSettings settings() {
        return with(6, 1);
    }

    @Override
    protected Stream<PretrainSettings> otherBatches() {
        return Stream.of(with(1, 1), with(4, 2), with(50, 5));
    }

    @Override
    protected Optional<Tokenizer> tokenizer() {
        return Optional.of(new MaskedPretrainTest.NamedTokenizer(
                Toys.text().tokenizer(),
                List.of("<mask>", "</s>", "<extra_id_0>", "<extra_id_1>", "<extra_id_2>", "<extra_id_3>")));
    }

    /** Logits are those of the token written before, and those of all that was read together. */
    @Override
    protected Map<String, Model> models() {
        int vocab = tokenizer().orElseThrow().vocab();
        return Map.of(
                "model",
                Model.of(
                        "i32 source[batch,from]; bool present[batch,from]?; i32 target[batch,time] -> f32"
                                + " logits[batch,time,vocab]",
                        new Dimensions(Map.of("from", TIME, "time", TIME + 1)),
                        List.of(
                                Parameter.of("read.weight", new Initializer.Normal(0.1), vocab, vocab),
                                Parameter.of("written.weight", new Initializer.Normal(0.1), vocab, vocab)),
                        (weights, inputs, _) -> {
                            Tensor source = inputs.get("source");
                            Tensor there = inputs.get("present")
                                    .cast(DType.F32)
                                    .reshape(
                                            source.shape().extent(0),
                                            source.shape().extent(1),
                                            1);
                            Tensor read = weights.get("read.weight")
                                    .gather(source)
                                    .mul(there)
                                    .sum(1);
                            Tensor written = weights.get("written.weight").gather(inputs.get("target"));
                            return Map.of(
                                    "logits",
                                    written.add(read.reshape(source.shape().extent(0), 1, vocab)));
                        }));
    }
}
