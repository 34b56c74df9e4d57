package uk.ac.manchester.tornado.api.common;

import org.kolotoc.signatures.Signature;

/** A call of a native library as a task. */
public class LibraryTaskDescriptor {
    public LibraryTaskDescriptor() {
        throw new Signature();
    }

    public LibraryTaskDescriptor withLibrary(String name) {
        throw new Signature();
    }

    public LibraryTaskDescriptor withFunction(String name) {
        throw new Signature();
    }

    public LibraryTaskDescriptor withParameters(Object[] parameters) {
        throw new Signature();
    }

    public LibraryTaskDescriptor withAccess(Access[] access) {
        throw new Signature();
    }

    public LibraryTaskDescriptor withTuning(Object tuning) {
        throw new Signature();
    }

    public Object getTuning() {
        throw new Signature();
    }
}
