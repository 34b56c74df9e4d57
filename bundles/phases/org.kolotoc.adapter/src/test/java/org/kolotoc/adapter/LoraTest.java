package org.kolotoc.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.AdapterFamily;
import org.kolotoc.api.InputError;
import org.kolotoc.tck.AdapterConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

class LoraTest extends AdapterConformance<LoraSettings> {
    private static final List<Parameter> MODEL = List.of(
            Parameter.of("token.weight", Initializer.ONES, 20, 8),
            Parameter.of("block0.attention.input.weight", Initializer.ONES, 8, 24),
            Parameter.of("block0.attention.input.bias", Initializer.ONES, 24),
            Parameter.of("block1.attention.input.weight", Initializer.ONES, 8, 24),
            Parameter.of("block1.mlp.up.weight", Initializer.ONES, 8, 32),
            Parameter.of("block10.mlp.up.weight", Initializer.ONES, 8, 32));

    @Override
    protected AdapterFamily<LoraSettings> family() {
        return new LoraFamily();
    }

    @Override
    protected LoraSettings settings() {
        return with(2, "attention");
    }

    private static LoraSettings with(int rank, String... targets) {
        return new LoraSettings(rank, 4, List.of(targets));
    }

    @Override
    protected Stream<Refused<LoraSettings>> refused() {
        return Stream.of(
                new Refused<>(with(2), "targets"),
                new Refused<>(with(2, "attention", "mlp"), "targets"),
                new Refused<>(with(2, "bias"), "targets"),
                new Refused<>(with(13, "attention"), "rank"));
    }

    private static List<String> adapted(String... targets) {
        return new LoraFamily()
                .create(with(2, targets)).parameters(MODEL).stream()
                        .map(parameter -> parameter.name() + " " + parameter.shape())
                        .toList();
    }

    @Test
    void matricesAreFoundByPartsOfTheirNames() {
        assertEquals(
                List.of(
                        "a.block0.attention.input.weight [8, 2]",
                        "b.block0.attention.input.weight [2, 24]",
                        "a.block1.attention.input.weight [8, 2]",
                        "b.block1.attention.input.weight [2, 24]"),
                adapted("attention"));
        assertEquals(List.of("a.block1.mlp.up.weight [8, 2]", "b.block1.mlp.up.weight [2, 32]"), adapted("block1.mlp"));
        assertEquals(10, adapted("weight").size());
    }

    @Test
    void whatFitsNothingIsToldWithAllThereIs() {
        InputError error = assertThrows(InputError.class, () -> adapted("attention", "atention"));
        assertTrue(
                error.getMessage()
                        .startsWith("\"atention\" is a part of no weight matrix's name; expected parts of token.weight,"
                                + " block0.attention.input.weight, block1.attention.input.weight,"),
                error.getMessage());
    }
}
