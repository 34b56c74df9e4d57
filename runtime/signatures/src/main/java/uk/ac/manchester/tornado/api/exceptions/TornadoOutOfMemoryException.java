package uk.ac.manchester.tornado.api.exceptions;

import org.kolotoc.signatures.Signature;

/** The device has no memory left. */
public class TornadoOutOfMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TornadoOutOfMemoryException(String message) {
        throw new Signature();
    }
}
