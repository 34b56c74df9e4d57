package uk.ac.manchester.tornado.runtime.library.spi;

import org.kolotoc.signatures.Signature;

/** A call that is due. */
public final class LibraryInvocation {
    private LibraryInvocation() {
        throw new Signature();
    }

    public long getDevicePointer(int index) {
        throw new Signature();
    }

    public LibraryContext getContext() {
        throw new Signature();
    }

    public Object getTuning() {
        throw new Signature();
    }
}
