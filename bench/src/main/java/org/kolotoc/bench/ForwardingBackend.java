package org.kolotoc.bench;

import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** A backend that is another, but for what it does with programs. */
interface ForwardingBackend extends Backend {
    Backend backend();

    @Override
    default String id() {
        return backend().id();
    }

    @Override
    default String device() {
        return backend().device();
    }

    @Override
    default Memory memory() {
        return backend().memory();
    }

    @Override
    default Buffer allocate(DType dtype, Shape shape) {
        return backend().allocate(dtype, shape);
    }
}
