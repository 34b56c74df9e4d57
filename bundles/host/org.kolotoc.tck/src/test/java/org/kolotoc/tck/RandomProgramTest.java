package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;

/** A new operation that is never drawn would be tried in no company but that of its own cases. */
class RandomProgramTest {
    private static final int SEEDS = 200;

    private static Set<String> missing(IntFunction<Program> programs) {
        Set<String> missing = new TreeSet<>(OperationNames.all());
        IntStream.range(0, SEEDS)
                .mapToObj(programs)
                .flatMap(program -> program.nodes().stream())
                .forEach(node -> missing.removeAll(OperationNames.of(node.op())));
        return missing;
    }

    @Test
    void everyOperationIsDrawn() {
        assertEquals(Set.of(), missing(RandomProgram::of));
    }

    @Test
    void everyOperationIsDrawnInSegments() {
        assertEquals(Set.of(), missing(seed -> RandomProgram.inSegments(seed, true)));
    }

    @Test
    void everyMaskOfAttentionIsDrawn() {
        Set<Op.Mask> drawn = new HashSet<>();
        IntStream.range(0, SEEDS)
                .boxed()
                .flatMap(seed -> Stream.of(RandomProgram.of(seed), RandomProgram.inSegments(seed, false)))
                .flatMap(program -> program.nodes().stream())
                .forEach(node -> {
                    if (node.op() instanceof Op.Attention attention) {
                        drawn.add(attention.mask());
                    }
                });
        // Starts need causality: six of eight.
        assertEquals(6, drawn.size(), drawn::toString);
    }

    @Test
    void aSeedIsAProgram() {
        for (int seed = 0; seed < 20; seed++) {
            assertEquals(
                    RandomProgram.of(seed).listing(), RandomProgram.of(seed).listing());
            assertNotEquals(
                    RandomProgram.of(seed).listing(), RandomProgram.of(seed + 1).listing());
        }
    }
}
