package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignFamily;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.StoredTensor;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * A model of another implementation, read as a family reads it: {@code reference/<folder>} of a data folder has its {@code
 * config.json} and weights.
 */
public final class GoldenModel {
    private static final String ROLE = "model";

    private final Model model;
    private final ForeignModel<?> foreign;
    private final Map<String, float[]> tensors;

    private GoldenModel(Model model, ForeignModel<?> foreign, Map<String, float[]> tensors) {
        this.model = model;
        this.foreign = foreign;
        this.tensors = tensors;
    }

    /** The model of a folder; the test is not evaluated where no data folder has it. */
    public static <S extends Record, F extends ModelFamily<S> & ForeignFamily<S>> GoldenModel of(
            F family, String folder) {
        Map<String, float[]> tensors = GoldenFile.safetensors(folder, "model.safetensors");
        ForeignModel<S> foreign = family.read(config(GoldenFile.object(folder, "config.json")), tensors.keySet());
        return new GoldenModel(family.create(foreign.settings(), foreign.data()), foreign, tensors);
    }

    /** A configuration as a file has it. */
    public static ForeignConfig config(JsonObject fields) {
        return new ForeignConfig("config.json", map(fields));
    }

    private static Map<String, Object> map(JsonObject fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        fields.asMap().forEach((name, value) -> map.put(name, plain(value)));
        return map;
    }

    private static Object plain(JsonElement value) {
        return switch (value) {
            case JsonObject object -> map(object);
            case JsonArray array ->
                array.asList().stream().map(GoldenModel::plain).toList();
            case JsonPrimitive text when text.isString() -> text.getAsString();
            case JsonPrimitive flag when flag.isBoolean() -> flag.getAsBoolean();
            case JsonPrimitive number -> number.getAsDouble();
            default -> null;
        };
    }

    public Model model() {
        return model;
    }

    /** Writes the weights of the file; fails where tensors are missing, of another size, or left over. */
    public void load(Bench bench) {
        Set<String> taken = new TreeSet<>();
        for (Parameter parameter : model.parameters()) {
            StoredTensor stored = foreign.layout().of(parameter);
            stored.shapes().forEach((name, shape) -> {
                assertEquals(shape.size(), tensors.getOrDefault(name, new float[0]).length, name);
                taken.add(name);
            });
            float[] values = stored.read(tensors::get);
            assertEquals(
                    stored.write(values).entrySet().stream()
                            .filter(part -> !Arrays.equals(part.getValue(), tensors.get(part.getKey())))
                            .map(Map.Entry::getKey)
                            .toList(),
                    List.of(),
                    "what is read is what is written");
            bench.state().buffer(ROLE + "/" + parameter.name()).write(values);
        }
        assertEquals(
                Set.of(),
                tensors.keySet().stream()
                        .filter(name ->
                                !taken.contains(name) && !foreign.surplus().test(name))
                        .collect(Collectors.toSet()),
                "tensors that no parameter takes");
    }

    /** The parameters as leaves of a program. */
    public Weights weights(Tracer tracer) {
        return model.weights(tracer, ROLE);
    }

    /** Lets a program tell the loss, and its gradient by each parameter. */
    public void outputGradients(Tracer tracer, Tensor loss) {
        List<Parameter> parameters = model.parameters();
        List<Tensor> gradients = Gradients.of(loss, weights(tracer).all(parameters));
        tracer.output("loss", loss);
        for (int i = 0; i < parameters.size(); i++) {
            tracer.output("gradient " + parameters.get(i).name(), gradients.get(i));
        }
    }

    /** Holds what such a program told against {@code gradient_l2_norms} and {@code gradients} of a file. */
    public void compareGradients(GoldenFile golden, BoundProgram program) {
        Map<String, float[]> found = new HashMap<>();
        for (Parameter parameter : model.parameters()) {
            found.putAll(foreign.layout().of(parameter).write(read(program, "gradient " + parameter.name())));
        }
        golden.json().getAsJsonObject("gradient_l2_norms").asMap().forEach((name, norm) -> {
            double squares = 0;
            for (float value : found.get(name)) {
                squares += (double) value * value;
            }
            golden.assertClose("norm of the gradient of " + name, norm, (float) Math.sqrt(squares));
        });
        golden.json()
                .getAsJsonObject("gradients")
                .asMap()
                .forEach((name, gradient) -> golden.assertClose("gradient of " + name, gradient, found.get(name)));
    }

    /** What a program gave. */
    public static float[] read(BoundProgram program, String output) {
        Buffer buffer = program.buffer(output);
        float[] values = new float[buffer.shape().size()];
        buffer.read(values);
        return values;
    }
}
