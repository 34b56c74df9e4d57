package uk.ac.manchester.tornado.api.exceptions;

import org.kolotoc.signatures.Signature;

/** Something went wrong while graphs ran. */
public class TornadoRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TornadoRuntimeException(String message) {
        throw new Signature();
    }
}
