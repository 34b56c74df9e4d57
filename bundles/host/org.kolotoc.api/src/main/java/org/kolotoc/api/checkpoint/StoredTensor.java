package org.kolotoc.api.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;

/**
 * Where a parameter lies in a checkpoint: in one tensor, or column by column in several, as queries, keys and values do.
 *
 * @param parameter of the model here
 * @param parts side by side along its last axis
 * @param transposed whether each part is a matrix {@code [out, in]} there, and {@code [in, out]} here
 */
public record StoredTensor(Parameter parameter, List<Part> parts, boolean transposed) {
    /**
     * A tensor of the checkpoint.
     *
     * @param columns its extent along the parameter's last axis
     */
    public record Part(String name, int columns) {}

    /** @throws IllegalArgumentException when the parts are not as wide as the parameter, or no matrix is to be transposed */
    public StoredTensor {
        parts = List.copyOf(parts);
        Shape shape = parameter.shape();
        int columns = parts.stream().mapToInt(Part::columns).sum();
        if (columns != shape.extent(-1) || transposed && shape.rank() != 2) {
            throw new IllegalArgumentException(parameter.name() + " of shape " + shape + " does not lie in " + parts
                    + (transposed ? ", transposed" : ""));
        }
    }

    /** A parameter that lies in one tensor as it is. */
    public static StoredTensor as(String name, Parameter parameter) {
        return new StoredTensor(
                parameter, List.of(new Part(name, parameter.shape().extent(-1))), false);
    }

    /** The shape of each tensor in the checkpoint, by name. */
    public Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        int[] extents = parameter.shape().extents();
        for (Part part : parts) {
            int[] own = extents.clone();
            own[own.length - 1] = part.columns();
            shapes.put(part.name(), transposed ? Shape.of(own[1], own[0]) : Shape.of(own));
        }
        return shapes;
    }

    /**
     * The parameter's elements.
     *
     * @param tensors the elements of each part, of its shape
     */
    public float[] read(Function<String, float[]> tensors) {
        float[] values = new float[parameter.shape().size()];
        int first = 0;
        for (Part part : parts) {
            float[] stored = tensors.apply(part.name());
            for (int i = 0; i < stored.length; i++) {
                values[at(part, first, i)] = stored[i];
            }
            first += part.columns();
        }
        return values;
    }

    /** What {@link #read} reads back: the elements of each part, by name. */
    public Map<String, float[]> write(float[] values) {
        Map<String, float[]> tensors = new LinkedHashMap<>();
        int first = 0;
        for (Part part : parts) {
            float[] stored = new float[rows() * part.columns()];
            for (int i = 0; i < stored.length; i++) {
                stored[i] = values[at(part, first, i)];
            }
            tensors.put(part.name(), stored);
            first += part.columns();
        }
        return tensors;
    }

    private int rows() {
        return parameter.shape().size() / parameter.shape().extent(-1);
    }

    /** Where in the parameter the element of a part lies. */
    private int at(Part part, int first, int index) {
        int row = transposed ? index % rows() : index / part.columns();
        int column = transposed ? index / rows() : index % part.columns();
        return row * parameter.shape().extent(-1) + first + column;
    }
}
