package uk.ac.manchester.tornado.api.runtime;

import org.kolotoc.signatures.Signature;
import uk.ac.manchester.tornado.api.TornadoRuntime;

/** Where the runtime is found. */
public class TornadoRuntimeProvider {
    public TornadoRuntimeProvider() {
        throw new Signature();
    }

    public static TornadoRuntime getTornadoRuntime() {
        throw new Signature();
    }
}
