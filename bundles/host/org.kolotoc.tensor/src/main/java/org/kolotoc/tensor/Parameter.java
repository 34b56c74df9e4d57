package org.kolotoc.tensor;

import java.util.Objects;

/**
 * A named tensor that outlives a program: a weight, a moment of an optimiser, a cache.
 *
 * @param name unique among its owner's, parts joined by dots: {@code block0.attention.weight}
 * @param initializer what it holds before the first step
 */
public record Parameter(String name, DType dtype, Shape shape, Initializer initializer) {
    public Parameter {
        Objects.requireNonNull(dtype);
        if (name.isBlank()) {
            throw new IllegalArgumentException("a parameter of shape " + shape + " has no name");
        }
        if (initializer instanceof Initializer.Values values && values.size() != shape.size()) {
            throw new IllegalArgumentException("parameter '" + name + "' of shape " + shape + " has " + shape.size()
                    + " elements, and begins with " + values.size() + " values");
        }
        if (initializer instanceof Initializer.Constant(double value) && !dtype.has(value)) {
            throw new IllegalArgumentException(
                    "parameter '" + name + "' begins with " + value + ", which is no " + dtype.label());
        }
    }

    /** An {@code f32} parameter. */
    public static Parameter of(String name, Initializer initializer, int... extents) {
        return new Parameter(name, DType.F32, Shape.of(extents), initializer);
    }

    /** This parameter as {@code prefix.name}. */
    public Parameter in(String prefix) {
        return new Parameter(prefix + "." + name, dtype, shape, initializer);
    }
}
