package org.kolotoc.signatures;

/** Thrown by every method here: somebody put the signatures in the place of TornadoVM's own jars. */
public final class Signature extends UnsupportedOperationException {
    private static final long serialVersionUID = 1;

    /** Says so. */
    public Signature() {
        super("these are signatures to compile against; TornadoVM's own jars are needed to run");
    }
}
