package org.kolotoc.engine.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Signature;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.osgi.framework.Bundle;

/** What is said of a model that does not fit is the same in every process, in whatever order it names what it has. */
final class CheckedModelTest {
    private static final List<String> NAMES = List.of("fir", "oak", "ash", "elm", "yew", "bay", "box", "fig", "tea");
    private static final List<String> SORTED = NAMES.stream().sorted().toList();

    private final Tracer trace = new Tracer();
    private final Map<String, Tensor> others = Map.copyOf(NAMES.stream()
            .collect(Collectors.toMap(Function.identity(), name -> trace.feed(name, DType.F32, Shape.of(2)))));

    /** A model of one output that gives others. */
    private record Other(Map<String, Tensor> given) implements Model {
        @Override
        public Signature signature() {
            return Signature.parse("f32 x[batch] -> f32 y[batch]");
        }

        @Override
        public List<Parameter> parameters() {
            return List.of();
        }

        @Override
        public Set<String> heads() {
            return given.keySet();
        }

        @Override
        public Dimensions limits() {
            return Dimensions.none();
        }

        @Override
        public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            return given;
        }
    }

    private Model checked() {
        List<Bundle> bundles = List.of(new TestFramework()
                .seat(Seat.MODEL, "other", new CheckedModelTest())
                .context()
                .getBundles());
        Occupant occupant = new Occupant(Seat.MODEL, "other", new PluginBundle(bundles.getFirst(), bundles));
        return CheckedModel.of(occupant, new Other(others));
    }

    private String refused(Map<String, Tensor> inputs) {
        return assertThrows(RuntimeException.class, () -> checked().forward(_ -> null, inputs, Pass.inference()))
                .getMessage();
    }

    @Test
    void outputsAreNamedInOrder() {
        String message = refused(Map.of("x", trace.feed("x", DType.F32, Shape.of(2))));
        assertTrue(message.contains("output 'y' is missing among " + SORTED), message);
    }

    @Test
    void ofInputsThatItHasNotTheFirstIsNamed() {
        Map<String, Tensor> left = new HashMap<>(others);
        for (String first : SORTED) {
            String message = refused(Map.copyOf(left));
            assertTrue(message.contains("has no input '" + first + "'"), message);
            left.remove(first);
        }
    }

    @Test
    void headsComeInTheOrderOfTheirNames() {
        assertEquals(SORTED, List.copyOf(checked().heads()));
    }
}
