package org.kolotoc.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.AdapterFamily;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.tck.AdapterConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

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
                new Refused<>(with(30), "rank"),
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

    /** A model names those that are meant where nobody else does; of one that names none it is all. */
    @Test
    void theModelNamesThemWhereNobodyElseDoes() {
        assertEquals(adapted("mlp"), names(with(2).targets(), List.of("mlp")));
        assertEquals(adapted("attention"), names(List.of("attention"), List.of("mlp")));
        assertEquals(10, names(List.of(), List.of()).size());
    }

    /** All by name, and what is left. */
    @Test
    void whatTheRankDoesNotFitIsNamed() {
        List<Parameter> narrow = List.of(
                Parameter.of("in.weight", Initializer.ONES, 2, 8),
                Parameter.of("middle.weight", Initializer.ONES, 8, 8),
                Parameter.of("out.weight", Initializer.ONES, 8, 1));
        InputError error = refused(with(3), narrow);
        assertEquals("rank", error.field());
        assertEquals(
                "is 3, but in.weight is [2, 8], out.weight is [8, 1]; expected at most 1, or \"targets\" that are"
                        + " parts of these alone: middle.weight",
                error.getMessage());
        assertEquals(
                "is 3, but out.weight is [8, 1]; expected at most 1",
                refused(with(3, "out"), narrow).getMessage());
    }

    @Test
    void aModelWithoutMatricesIsToldSo() {
        List<Parameter> vectors = List.of(Parameter.of("bias", Initializer.ONES, 8));
        assertTrue(refused(with(1), vectors).getMessage().startsWith("the model has no weight matrix"));
        assertTrue(refused(with(1, "bias"), vectors).getMessage().startsWith("the model has no weight matrix"));
    }

    private static InputError refused(LoraSettings settings, List<Parameter> parameters) {
        return assertThrows(
                InputError.class,
                () -> new LoraFamily()
                        .create(settings)
                        .of(model(List.of(), parameters))
                        .parameters(parameters));
    }

    private static List<String> names(List<String> targets, List<String> adaptable) {
        return new LoraFamily()
                .create(new LoraSettings(2, 4, targets)).of(model(adaptable, MODEL)).parameters(MODEL).stream()
                        .map(parameter -> parameter.name() + " " + parameter.shape())
                        .toList();
    }

    private static Model model(List<String> adaptable, List<Parameter> parameters) {
        return new Model() {
            @Override
            public Signature signature() {
                return Signature.parse("f32 x[batch] -> f32 y[batch]");
            }

            @Override
            public List<Parameter> parameters() {
                return parameters;
            }

            @Override
            public List<String> adaptable() {
                return adaptable;
            }

            @Override
            public Dimensions limits() {
                return new Dimensions(Map.of());
            }

            @Override
            public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
                throw new AssertionError("nobody computes with it");
            }
        };
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
