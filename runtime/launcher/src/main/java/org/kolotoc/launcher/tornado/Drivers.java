package org.kolotoc.launcher.tornado;

import java.nio.file.Path;

/** What this machine's drivers tell. */
interface Drivers {
    /** Asks the driver of a back end for its devices. */
    Answer ask(BackEnd backEnd);

    /** Why NVIDIA's driver is too old for a native library that calls it; empty when it is not. */
    String lags(Path library);

    /** Why a native library can not be loaded, as the system says it; empty when it can. */
    String load(Path library);

    /** Why cuBLAS can not be used; empty when it can. */
    String findCublas();

    /**
     * A driver's answer.
     *
     * @param reason why it is of no use, without the back end's name; empty when it is
     * @param gpu whether one of its devices is a graphics processor
     * @param memory of its largest device, in bytes
     */
    record Answer(String reason, boolean gpu, long memory) {
        static Answer no(String reason) {
            return new Answer(reason, false, 0);
        }
    }
}
