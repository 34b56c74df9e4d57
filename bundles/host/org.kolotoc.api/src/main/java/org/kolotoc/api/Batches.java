package org.kolotoc.api;

import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Batches addressed by their index, so that any of them can be had again, on any machine.
 *
 * <p>How many rows a batch has decides nothing but where the row of examples is cut: batch {@code i} of size {@code n b} is
 * the batches {@code n i} to {@code n i + n - 1} of size {@code b}, one after the other. In parts that are not for training
 * this holds within a pass, whose last batch may be padded.
 */
@ConsumerType
public interface Batches {
    /** How many batches make one pass over the part, the last one perhaps padded. An index may be larger: passes go on. */
    long count();

    /**
     * Writes one batch.
     *
     * @param feeds buffers by field name, see {@link Dataset#fields}; may be a part of the fields
     * @throws IllegalArgumentException when the data has no such field
     */
    void fill(long index, Map<String, Buffer> feeds);

    /**
     * How often each source of the data was read when the batches before one were taken, where data has several.
     *
     * @return by the name of the source; 1.5 for all of it and half of it again
     */
    default Map<String, Double> epochs(long index) {
        return Map.of();
    }

    /** Writes one example; a function of its number, as batches are of their index. */
    @FunctionalInterface
    interface Row {
        /** @param number from 0 on */
        void write(long number, Fields out);
    }

    /** One example, field by field: its elements without the axis of the batch. They are zeros before they are written. */
    interface Fields {
        /** Elements of an {@code i32} or {@code bool} field. */
        int[] ints(String field);

        /** Elements of an {@code f32} field. */
        float[] floats(String field);
    }

    /**
     * Batches of examples for training: numbers go on from pass to pass without end.
     *
     * @param fields see {@link Dataset#fields}
     * @param axes extents of the axes of the fields
     * @param rows examples in a pass
     */
    static Batches endless(List<Signature.Port> fields, Map<String, Integer> axes, long rows, Row row) {
        return new RowBatches(fields, axes, rows, true, row);
    }

    /**
     * The same in another order in each pass, every example once in it.
     *
     * @param random decides the orders
     * @param row of the number of an example, from 0 to {@code examples - 1}
     */
    static Batches shuffled(
            List<Signature.Port> fields, Map<String, Integer> axes, int examples, CounterRandom random, Row row) {
        Order order = new Order(examples, random);
        return endless(fields, axes, examples, (number, out) -> row.write(order.example(number), out));
    }

    /**
     * Batches of examples to measure with: each once in a pass, the same in every pass. What fills the last batch is zeros,
     * its weights too.
     *
     * @param fields see {@link Dataset#fields}
     * @param axes extents of the axes of the fields
     * @param rows examples in a pass
     */
    static Batches passes(List<Signature.Port> fields, Map<String, Integer> axes, long rows, Row row) {
        return new RowBatches(fields, axes, rows, false, row);
    }
}
