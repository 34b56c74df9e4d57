package org.kolotoc.tensor;

/**
 * A tensor program that cannot be: operands whose shapes or types do not fit. The message names the operation, the
 * shapes, the layer (the tracer's scope) and the line of the plugin that asked for it.
 */
public final class ShapeError extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ShapeError(String message) {
        super(message);
    }
}
