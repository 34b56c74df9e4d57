package org.kolotoc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.api.claim.Trial;
import org.kolotoc.api.probe.Derivation;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Whoever goes through what is named gets it in one order, which no process draws anew. */
class OrderTest {
    /** In no order that any map has by itself. */
    private static final List<String> NAMES =
            List.of("time", "class", "vocab", "from", "batch", "width", "answer", "prompt", "latent", "channel");

    private static final List<String> SORTED = NAMES.stream().sorted().toList();

    private static <T> Map<String, T> named(Function<String, T> value) {
        Map<String, T> named = new LinkedHashMap<>();
        NAMES.forEach(name -> named.put(name, value.apply(name)));
        return named;
    }

    private static void assertOrder(List<String> expected, Iterable<String> names) {
        assertEquals(expected.toString(), names.toString());
    }

    @Test
    void extentsComeByTheirNames() {
        Dimensions dimensions = new Dimensions(named(String::length));
        assertOrder(SORTED, dimensions.extents().keySet());
        String message =
                assertThrows(InputError.class, () -> dimensions.get("height")).getMessage();
        assertTrue(message.endsWith("states only " + SORTED), message);
    }

    @Test
    void whatASideLossSeesComesByItsNames() {
        Tracer trace = new Tracer();
        Map<String, Tensor> tensors = named(name -> trace.feed(name, DType.F32, Shape.of(2)));
        SideLoss.Use use = new SideLoss.Use(tensors, tensors, tensors);
        for (Map<String, Tensor> seen : List.of(use.inputs(), use.outputs(), use.batch())) {
            assertOrder(SORTED, seen.keySet());
        }
    }

    @Test
    void whatIsWrittenOfAModelComesByItsNames() {
        WrittenModel written = new WrittenModel(named(name -> name), Set.copyOf(NAMES));
        assertOrder(SORTED, written.config().keySet());
        assertOrder(SORTED, written.tensors());
    }

    @Test
    void runsComeAsTheSidesAreGiven() {
        Trial trial = new Trial(1, named(_ -> new Trial.Outcome(false, List.of())));
        assertOrder(NAMES, trial.runs().keySet());
    }

    @Test
    void outputsOfAProbeComeAsItMadeThem() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(2));
        trace.output("y", x);
        Derivation derivation = new Derivation(trace.program());
        NAMES.forEach(name -> derivation.output(name, derivation.of(x)));
        assertOrder(NAMES, derivation.outputs().keySet());
        derivation.output("later", derivation.of(x));
        assertEquals(NAMES.size() + 1, derivation.outputs().size());
    }

    @Test
    void fieldsThatABatchLacksAreNamedInOrder() {
        Batches batches =
                Batches.endless(Signature.parse("-> i32 tokens[batch]").outputs(), Map.of("batch", 1), 1, (_, _) -> {});
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> batches.fill(0, Collections.unmodifiableMap(named(_ -> null))))
                .getMessage();
        assertTrue(message.endsWith("asked was " + SORTED), message);
    }
}
