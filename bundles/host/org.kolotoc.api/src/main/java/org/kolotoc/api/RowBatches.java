package org.kolotoc.api;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;

/** Batches of examples that are written one by one, into arrays made once. */
final class RowBatches implements Batches {
    private static final String BATCH = "batch";

    private final Field[] fields;
    private final int batch;
    private final long rows;
    private final boolean endless;
    private final Row row;
    private final Fields out;

    RowBatches(List<Signature.Port> ports, Map<String, Integer> axes, long rows, boolean endless, Row row) {
        this.fields = ports.stream().map(port -> Field.of(port, axes)).toArray(Field[]::new);
        this.batch = extent(BATCH, axes);
        this.rows = rows;
        this.endless = endless;
        this.row = row;
        this.out = new Fields() {
            @Override
            public int[] ints(String field) {
                return field(field, false).ints;
            }

            @Override
            public float[] floats(String field) {
                return field(field, true).floats;
            }
        };
    }

    /** One field of one example; one of the arrays is null. */
    private record Field(String name, int[] ints, float[] floats) {
        static Field of(Signature.Port port, Map<String, Integer> axes) {
            if (port.axes().isEmpty() || !port.axes().getFirst().equals(BATCH)) {
                throw new IllegalArgumentException("the field '" + port + "' does not begin with the axis " + BATCH);
            }
            int size = port.axes().stream()
                    .skip(1)
                    .mapToInt(axis -> extent(axis, axes))
                    .reduce(1, Math::multiplyExact);
            return port.dtype() == DType.F32
                    ? new Field(port.name(), null, new float[size])
                    : new Field(port.name(), new int[size], null);
        }

        void clear() {
            if (ints != null) {
                Arrays.fill(ints, 0);
            } else {
                Arrays.fill(floats, 0);
            }
        }

        void copy(int place, Buffer buffer) {
            if (ints != null) {
                buffer.write(place * ints.length, ints);
            } else {
                buffer.write(place * floats.length, floats);
            }
        }
    }

    private static int extent(String axis, Map<String, Integer> axes) {
        Integer extent = axes.get(axis);
        if (extent == null) {
            throw new IllegalArgumentException(
                    "batches have an axis '" + axis + "', and its extent is not given: " + axes);
        }
        return extent;
    }

    private Field field(String name, boolean floats) {
        for (Field field : fields) {
            if (field.name.equals(name) && floats == (field.floats != null)) {
                return field;
            }
        }
        throw new IllegalArgumentException(
                "there is no field '" + name + "' of " + (floats ? "f32" : "i32 or bool") + ", only " + names());
    }

    private List<String> names() {
        return Arrays.stream(fields).map(Field::name).toList();
    }

    @Override
    public long count() {
        return Math.ceilDiv(rows, batch);
    }

    @Override
    public void fill(long index, Map<String, Buffer> feeds) {
        int known = 0;
        for (Field field : fields) {
            known += feeds.containsKey(field.name) ? 1 : 0;
        }
        if (known < feeds.size()) {
            throw new IllegalArgumentException(
                    "a batch has the fields " + names() + ", asked was " + new TreeSet<>(feeds.keySet()));
        }
        long first = (endless ? index : index % count()) * batch;
        for (int place = 0; place < batch; place++) {
            for (Field field : fields) {
                field.clear();
            }
            if (endless || first + place < rows) {
                row.write(first + place, out);
            }
            for (Field field : fields) {
                Buffer buffer = feeds.get(field.name);
                if (buffer != null) {
                    field.copy(place, buffer);
                }
            }
        }
    }
}
