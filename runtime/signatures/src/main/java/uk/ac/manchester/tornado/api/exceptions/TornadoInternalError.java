package uk.ac.manchester.tornado.api.exceptions;

import org.kolotoc.signatures.Signature;

/** A defect of the compiler, or a kernel that it can not compile. */
public class TornadoInternalError extends Error {
    private static final long serialVersionUID = 1;

    public TornadoInternalError(Throwable cause) {
        throw new Signature();
    }
}
