package org.kolotoc.engine.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Adapter;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.framework.Bundle;

/** A model that reads one text and writes another stays one, with all that it says of itself, whoever stands between. */
final class EncoderDecoderTest {
    private static final class Translator implements EncoderDecoder {
        @Override
        public Signature signature() {
            return Signature.parse("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");
        }

        @Override
        public List<Parameter> parameters() {
            return List.of();
        }

        @Override
        public Set<String> heads() {
            return Set.of("head");
        }

        @Override
        public Dimensions limits() {
            return Dimensions.of("time", 7);
        }

        @Override
        public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int start() {
            return 3;
        }

        @Override
        public IncrementalModel behind(int from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Tensor> read(Weights weights, Tensor source, Tensor present) {
            throw new UnsupportedOperationException();
        }
    }

    private static void requireTheSame(Model model) {
        assertInstanceOf(EncoderDecoder.class, model);
        assertEquals(Set.of("head"), model.heads());
        assertEquals(Dimensions.of("time", 7), model.limits());
    }

    @Test
    void checked() {
        List<Bundle> bundles = List.of(new TestFramework()
                .seat(Seat.MODEL, "translator", new EncoderDecoderTest(), "acme.translator")
                .context()
                .getBundles());
        Occupant occupant = new Occupant(Seat.MODEL, "translator", new PluginBundle(bundles.getFirst(), bundles));
        requireTheSame(CheckedModel.of(occupant, new Translator()));
    }

    @Test
    void adapted() {
        Adapter nothing = new Adapter() {
            @Override
            public List<Parameter> parameters(List<Parameter> model) {
                return List.of();
            }

            @Override
            public Weights adapt(List<Parameter> model, Weights weights) {
                return weights;
            }
        };
        requireTheSame(nothing.around(new Translator()));
    }
}
