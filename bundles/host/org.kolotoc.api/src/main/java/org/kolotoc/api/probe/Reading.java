package org.kolotoc.api.probe;

import org.osgi.annotation.versioning.ConsumerType;

/** What a probe makes of the values that its program gave. */
@ConsumerType
@FunctionalInterface
public interface Reading {
    /** @param observed outputs of the probe's program, as they are now; valid until this returns */
    void read(Observed observed, Readings out);
}
