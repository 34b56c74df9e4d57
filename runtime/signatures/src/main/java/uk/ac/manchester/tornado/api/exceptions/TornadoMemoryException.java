package uk.ac.manchester.tornado.api.exceptions;

import org.kolotoc.signatures.Signature;

/** Arrays that the device can not hold. */
public class TornadoMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TornadoMemoryException(String message) {
        throw new Signature();
    }
}
