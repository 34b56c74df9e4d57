package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Elements of an array from one on; none asked for are all of them. */
public class DataRange {
    public DataRange(TornadoNativeArray array) {
        throw new Signature();
    }

    public DataRange withOffset(long offset) {
        throw new Signature();
    }

    public DataRange withSize(long size) {
        throw new Signature();
    }
}
