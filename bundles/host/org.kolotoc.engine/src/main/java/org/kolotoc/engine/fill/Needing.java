package org.kolotoc.engine.fill;

import java.util.Map;
import org.kolotoc.api.Needs;

/** A seat whose plugin needs models and data of the experiment. */
public interface Needing {
    Occupant occupant();

    /** What it needs, with the settings that it has. */
    Needs needs();

    /** What it would need if one of its settings, of those that have few values, had another, by that: {@code "reader": "encoder"}. */
    Map<String, Needs> otherwise();
}
