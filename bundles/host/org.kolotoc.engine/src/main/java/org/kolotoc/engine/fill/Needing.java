package org.kolotoc.engine.fill;

import org.kolotoc.api.Needs;

/** A seat whose plugin needs models and data of the experiment. */
public interface Needing {
    Occupant occupant();

    /** What it needs, with the settings that it has. */
    Needs needs();
}
