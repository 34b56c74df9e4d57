package org.kolotoc.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;

/**
 * Data of examples that lie in memory: pictures, points, rows of a table. Besides its own fields a batch has {@code f32
 * weights[batch]}: 1 for each example, 0 for what only fills the last batch of a part that is not for training. In {@code
 * train} one pass over all examples follows the other, each in another order.
 *
 * @param parts by their names: {@code train}, {@code validation}; all have the same fields
 */
public record Examples(Dimensions dimensions, Map<String, Part> parts, Map<String, Dataset> controls)
        implements Dataset {
    private static final String TRAIN = "train";
    private static final String WEIGHTS = "weights";
    private static final String BATCH = "batch";

    /**
     * Checks that the parts are alike.
     *
     * @throws IllegalArgumentException when there is none for training, or one has other fields
     */
    public Examples {
        parts = Collections.unmodifiableMap(new TreeMap<>(parts));
        controls = Collections.unmodifiableMap(new TreeMap<>(controls));
        if (!parts.containsKey(TRAIN)) {
            throw new IllegalArgumentException("there is no part '" + TRAIN + "', only " + parts.keySet());
        }
        List<Signature.Port> expected = parts.get(TRAIN).fields();
        parts.forEach((name, part) -> {
            if (!part.fields().equals(expected)) {
                throw new IllegalArgumentException(
                        "the part '" + name + "' has " + part.fields() + ", expected " + expected);
            }
        });
    }

    /** Without controls. */
    public Examples(Dimensions dimensions, Map<String, Part> parts) {
        this(dimensions, parts, Map.of());
    }

    /** The same data with others that no criterion may let pass, see {@link Dataset#controls}. */
    public Examples controlled(Map<String, Dataset> others) {
        return new Examples(dimensions, parts, others);
    }

    /** Data whose field belongs to other examples than all other fields. */
    public Examples shuffled(String field) {
        return changed((name, part) -> part.moved(field, part.size(field), new CounterRandom(name.hashCode(), field)));
    }

    /** Data in which each element of a field comes from another example: true of every element, of no example. */
    public Examples scattered(String field) {
        return changed((name, part) -> part.moved(field, 1, new CounterRandom(name.hashCode(), field)));
    }

    private Examples changed(BiFunction<String, Part, Part> change) {
        Map<String, Part> changed = new LinkedHashMap<>();
        parts.forEach((name, part) -> changed.put(name, change.apply(name, part)));
        return new Examples(dimensions, changed);
    }

    @Override
    public List<String> splits() {
        return List.copyOf(parts.keySet());
    }

    @Override
    public List<Signature.Port> fields() {
        List<Signature.Port> fields = new ArrayList<>(parts.get(TRAIN).fields());
        fields.add(new Signature.Port(WEIGHTS, DType.F32, List.of(BATCH)));
        return fields;
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        Part part = parts.get(split);
        if (part == null) {
            throw InputError.of("there is no part '" + split + "'", "choose one of " + parts.keySet());
        }
        Map<String, Integer> extents = new HashMap<>(dimensions.extents());
        extents.putAll(axes);
        if (!split.equals(TRAIN)) {
            return Batches.passes(fields(), extents, part.count, (number, out) -> part.write((int) number, out));
        }
        return Batches.shuffled(
                fields(),
                extents,
                part.count,
                new CounterRandom(seed, "examples"),
                (number, out) -> part.write((int) number, out));
    }

    @Override
    public Held held() {
        return new Held(parts.values().stream().mapToLong(Part::bytes).sum(), 0);
    }

    /** One part: a column for each field, its examples one after the other. */
    public static final class Part {
        private final int count;
        private final List<Column> columns = new ArrayList<>();

        /** @param count examples, at least one */
        public Part(int count) {
            if (count < 1) {
                throw new IllegalArgumentException(count + " examples; expected at least 1");
            }
            this.count = count;
        }

        /** @param elements {@code float[]} or {@code int[]} */
        private record Column(Signature.Port port, Object elements) {
            int length() {
                return elements instanceof float[] floats ? floats.length : ((int[]) elements).length;
            }
        }

        /**
         * Adds a field.
         *
         * @param port {@code f32 pixels[batch,pixel]}
         * @param elements of all examples
         */
        public Part with(String port, float[] elements) {
            return with(port, elements, DType.F32);
        }

        /** Adds a field of whole numbers. */
        public Part with(String port, int[] elements) {
            return with(port, elements, DType.I32);
        }

        private Part with(String port, Object elements, DType dtype) {
            Column column = new Column(Signature.parse("-> " + port).outputs().getFirst(), elements);
            int length = column.length();
            boolean suits = (column.port().dtype() == DType.F32) == (dtype == DType.F32);
            if (length == 0 || length % count != 0 || !suits) {
                throw new IllegalArgumentException("the field '" + port + "' of " + count + " examples has " + length
                        + " elements of " + dtype.label() + "; expected as many for each example, of its own type");
            }
            columns.add(column);
            return this;
        }

        List<Signature.Port> fields() {
            return columns.stream().map(Column::port).toList();
        }

        long bytes() {
            return columns.stream().mapToLong(Column::length).sum() * DType.BYTES;
        }

        /** Allocates nothing. */
        void write(int example, Batches.Fields out) {
            for (int i = 0; i < columns.size(); i++) {
                Column column = columns.get(i);
                int size = column.length() / count;
                String field = column.port().name();
                Object elements = column.elements() instanceof float[] ? out.floats(field) : out.ints(field);
                System.arraycopy(column.elements(), example * size, elements, 0, size);
            }
            out.floats(WEIGHTS)[0] = 1;
        }

        private Column column(String field) {
            return columns.stream()
                    .filter(column -> column.port().name().equals(field))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException("there is no field '" + field + "', only " + fields()));
        }

        /** Elements of an example. */
        int size(String field) {
            return column(field).length() / count;
        }

        /** The same with so many neighbouring elements of a field at a time taken from another example. */
        Part moved(String field, int together, CounterRandom random) {
            Column column = column(field);
            int size = size(field);
            Object other =
                    column.elements() instanceof float[] floats ? floats.clone() : ((int[]) column.elements()).clone();
            for (int first = 0; first < size; first += together) {
                int[] from = cycle(random, first);
                for (int i = 0; i < count; i++) {
                    System.arraycopy(column.elements(), from[i] * size + first, other, i * size + first, together);
                }
            }
            Part moved = new Part(count);
            columns.forEach(each -> moved.columns.add(each == column ? new Column(each.port(), other) : each));
            return moved;
        }

        /** A random cycle (Sattolo 1986): of several examples, none stays where it was. */
        private int[] cycle(CounterRandom random, long stream) {
            int[] cycle = new int[count];
            for (int i = 0; i < count; i++) {
                cycle[i] = i;
            }
            for (int i = count - 1; i > 0; i--) {
                swap(cycle, i, random.integer(stream * count + i, i));
            }
            return cycle;
        }
    }

    private static void swap(int[] numbers, int one, int other) {
        int number = numbers[one];
        numbers[one] = numbers[other];
        numbers[other] = number;
    }
}
