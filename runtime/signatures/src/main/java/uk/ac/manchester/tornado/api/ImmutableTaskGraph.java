package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;

/** A finished graph. */
public class ImmutableTaskGraph {
    ImmutableTaskGraph() {
        throw new Signature();
    }
}
