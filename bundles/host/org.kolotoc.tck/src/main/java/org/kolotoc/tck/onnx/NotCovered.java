package org.kolotoc.tck.onnx;

/** What a vector asks for that operations don't express yet: an operator, an attribute, a type. Never a vector's name. */
public final class NotCovered extends Exception {
    private static final long serialVersionUID = 1L;

    NotCovered(String reason) {
        super(reason, null, false, false);
    }
}
