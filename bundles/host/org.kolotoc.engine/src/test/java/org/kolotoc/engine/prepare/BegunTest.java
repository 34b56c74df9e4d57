package org.kolotoc.engine.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** A model begins with what another has of it; what does not fit is told all at once. */
final class BegunTest {
    /** A model with these parameters, of which {@code reward} and {@code classes} are heads. */
    private record Parts(List<Parameter> parameters) implements Model {
        static Parts of(String... names) {
            return new Parts(Stream.of(names)
                    .map(name -> Parameter.of(name, Initializer.ZEROS, 2))
                    .toList());
        }

        @Override
        public Signature signature() {
            return Signature.parse("-> f32 out[x]");
        }

        @Override
        public Set<String> heads() {
            return Set.of("reward", "classes");
        }

        @Override
        public Dimensions limits() {
            return Dimensions.none();
        }

        @Override
        public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            throw new UnsupportedOperationException();
        }
    }

    private static Map<String, Snapshot.Entry> there(int extent, String... names) {
        Map<String, Snapshot.Entry> there = new TreeMap<>();
        for (String name : names) {
            there.put(name, new Snapshot.Made(new int[] {extent}, () -> new float[extent]));
        }
        return there;
    }

    @Test
    void theTrunkIsTakenAndTheHeadIsFresh() {
        Begun begun = Begun.of(Parts.of("token.weight", "reward.weight"), there(2, "token.weight", "classes.weight"));
        assertEquals(Set.of("token.weight"), begun.tensors().keySet());
        assertEquals(List.of("reward.weight"), begun.fresh());
        assertEquals(List.of("classes.weight"), begun.leftOut());
        assertEquals(List.of(), begun.faults());
    }

    @Test
    void aHeadThatIsThereIsTaken() {
        Begun begun = Begun.of(Parts.of("token.weight", "reward.weight"), there(2, "token.weight", "reward.weight"));
        assertEquals(Set.of("token.weight", "reward.weight"), begun.tensors().keySet());
        assertEquals(List.of(), begun.fresh());
    }

    @Test
    void whatDoesNotFitIsToldAllAtOnce() {
        Map<String, Snapshot.Entry> there = there(2, "norm.weight", "block3.up.weight", "rewards.weight");
        there.putAll(there(5, "token.weight"));
        Begun begun = Begun.of(Parts.of("token.weight", "norm.weight", "block2.up.weight", "reward.weight"), there);
        assertEquals(
                List.of(
                        "'token.weight' is there as f32 [5], and the model has it as f32 [2]",
                        "'block2.up.weight' [2] is missing; did you mean 'block3.up.weight'?",
                        "'block3.up.weight' [2] is left over: the model has no such part",
                        "'rewards.weight' [2] is left over: the model has no such part"),
                begun.faults());
    }
}
