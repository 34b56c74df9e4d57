package org.kolotoc.model.seq2seq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.model.seq2seq.Seq2SeqSettings.Style;
import org.kolotoc.nn.Activation;
import org.kolotoc.tck.ModelFamilyConformance;
import org.kolotoc.tck.Refused;

class T5FamilyTest extends ModelFamilyConformance<Seq2SeqSettings> {
    @Override
    protected ModelFamily<Seq2SeqSettings> family() {
        return new Seq2SeqFamily();
    }

    @Override
    protected Seq2SeqSettings settings() {
        return t5(2, 3, true);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 2, "from", 4, "time", 3);
    }

    @Override
    protected Stream<Refused<Seq2SeqSettings>> refused() {
        return Stream.of(new Refused<>(t5(3, 0, true), "heads"), new Refused<>(starting(settings(), 7), "start"));
    }

    /** Other libraries take the token that the decoder begins with from the configuration. */
    @Test
    void theStartIsWritten() {
        for (Seq2SeqSettings settings : List.of(starting(t5(2, 3, true), 5), starting(bart(), 5))) {
            WrittenModel written = new Seq2SeqFamily().write(settings, dimensions());
            Seq2SeqSettings read = new Seq2SeqFamily()
                    .read(new ForeignConfig("config.json", written.config()), written.tensors())
                    .settings();
            assertEquals(5, read.start(), settings.style()::name);
        }
    }

    /** What a style has where nothing is said is what other libraries take for granted, and what was read before. */
    @Test
    void whatIsNotSaidCanBeWritten() {
        for (Style style : Style.values()) {
            Seq2SeqSettings settings =
                    new Seq2SeqSettings(style, 1, 0, 2, 0, 8, 6, 4, 0, 0, Activation.RELU, true, 32, 128, 0, 0, true);
            WrittenModel written = new Seq2SeqFamily().write(settings, dimensions());
            Seq2SeqSettings read = new Seq2SeqFamily()
                    .read(new ForeignConfig("config.json", written.config()), written.tensors())
                    .settings();
            assertEquals(style == Style.T5 ? 1e-6 : 1e-5, read.normEpsilon());
            assertEquals(read.normEpsilon(), settings.epsilon());
        }
    }

    private static Seq2SeqSettings starting(Seq2SeqSettings s, int start) {
        return new Seq2SeqSettings(
                s.style(),
                s.layers(),
                s.decoderLayers(),
                s.heads(),
                s.headWidth(),
                s.width(),
                s.context(),
                s.mlpRatio(),
                s.mlpWidth(),
                s.dropout(),
                s.activation(),
                s.tied(),
                s.buckets(),
                s.distance(),
                s.normEpsilon(),
                start,
                s.crossAttention());
    }

    /** The same over the same weights, with nothing of what the encoder read. */
    static Seq2SeqSettings cut(Seq2SeqSettings s) {
        return new Seq2SeqSettings(
                s.style(),
                s.layers(),
                s.decoderLayers(),
                s.heads(),
                s.headWidth(),
                s.width(),
                s.context(),
                s.mlpRatio(),
                s.mlpWidth(),
                s.dropout(),
                s.activation(),
                s.tied(),
                s.buckets(),
                s.distance(),
                s.normEpsilon(),
                s.start(),
                false);
    }

    static Seq2SeqSettings t5(int heads, int headWidth, boolean tied) {
        return new Seq2SeqSettings(
                Style.T5, 1, 1, heads, headWidth, 8, 6, 2, 0, 0, Activation.GEGLU, tied, 4, 3, 1e-6, 0, true);
    }

    static Seq2SeqSettings bart() {
        return new Seq2SeqSettings(
                Style.BART, 1, 0, 2, 0, 8, 6, 2, 0, 0.1, Activation.GELU_EXACT, false, 32, 128, 1e-5, 2, true);
    }
}
