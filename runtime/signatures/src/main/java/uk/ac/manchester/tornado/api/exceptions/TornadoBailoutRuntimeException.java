package uk.ac.manchester.tornado.api.exceptions;

import org.kolotoc.signatures.Signature;

/** A kernel could not be compiled. */
public class TornadoBailoutRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TornadoBailoutRuntimeException(String message) {
        throw new Signature();
    }
}
