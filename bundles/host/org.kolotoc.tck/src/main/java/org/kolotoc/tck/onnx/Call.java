package org.kolotoc.tck.onnx;

import com.google.gson.JsonElement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.kolotoc.tck.onnx.OnnxVector.Value;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** A vector while it is traced: its inputs as feeds or as numbers, its attributes; notes which of them were read. */
final class Call {
    final Tracer trace;
    private final OnnxVector vector;
    private final Set<String> attributes = new HashSet<>();
    private final Set<Integer> inputs = new HashSet<>();

    Call(Tracer trace, OnnxVector vector) {
        this.trace = trace;
        this.vector = vector;
    }

    /** What an operator did not look at changes its meaning in a way that is not expressed. */
    void everythingWasRead() throws NotCovered {
        for (String name : vector.attributes().keySet()) {
            if (!attributes.contains(name)) {
                throw new NotCovered("attribute " + name);
            }
        }
        for (int slot : vector.inputs().keySet()) {
            if (!inputs.contains(slot)) {
                throw new NotCovered("input " + vector.inputs().get(slot).name());
            }
        }
    }

    boolean has(int slot) {
        return vector.inputs().containsKey(slot);
    }

    /** How many inputs there are, of an operator that takes any number. */
    int inputs() {
        return vector.inputs().size();
    }

    int outputs() {
        return vector.outputs().size();
    }

    private Value input(int slot) throws NotCovered {
        inputs.add(slot);
        Value value = vector.inputs().get(slot);
        if (value == null) {
            throw new NotCovered("no input " + slot);
        }
        return value;
    }

    /** An input as a feed. */
    Tensor x(int slot) throws NotCovered {
        Value input = input(slot);
        return trace.feed("x" + slot, input.type(), input.shape());
    }

    /** An input whose numbers decide about shapes, as axes do; those beyond 32 bits mean «to the end». */
    int[] constant(int slot) throws NotCovered {
        return Arrays.stream(numbers(slot))
                .mapToInt(v -> (int) Math.clamp(v, -2e9, 2e9))
                .toArray();
    }

    double[] numbers(int slot) throws NotCovered {
        return input(slot).data();
    }

    double scalar(int slot) throws NotCovered {
        return numbers(slot)[0];
    }

    private JsonElement attribute(String name) {
        attributes.add(name);
        return vector.attributes().get(name);
    }

    boolean names(String attribute) {
        return attribute(attribute) != null;
    }

    double number(String name, double otherwise) {
        JsonElement attribute = attribute(name);
        return attribute == null ? otherwise : attribute.getAsDouble();
    }

    int integer(String name, int otherwise) {
        JsonElement attribute = attribute(name);
        return attribute == null ? otherwise : attribute.getAsInt();
    }

    boolean flag(String name) {
        return integer(name, 0) == 1;
    }

    String text(String name, String otherwise) {
        JsonElement attribute = attribute(name);
        return attribute == null ? otherwise : attribute.getAsString();
    }

    int[] integers(String name, int... otherwise) {
        JsonElement attribute = attribute(name);
        return attribute == null
                ? otherwise
                : attribute.getAsJsonArray().asList().stream()
                        .mapToInt(JsonElement::getAsInt)
                        .toArray();
    }

    /** Attributes that change nothing where the vector asks for no more than this. */
    void mayName(String... names) {
        attributes.addAll(Arrays.asList(names));
    }

    /** A type whose elements an operation takes, or the reason. */
    Tensor floats(int slot) throws NotCovered {
        Tensor x = x(slot);
        if (x.dtype() != DType.F32) {
            throw new NotCovered("type " + vector.inputs().get(slot).dtype());
        }
        return x;
    }
}
