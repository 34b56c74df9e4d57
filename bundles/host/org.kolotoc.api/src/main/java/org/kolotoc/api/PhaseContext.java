package org.kolotoc.api;

import org.osgi.annotation.versioning.ProviderType;

/** What the engine gives a phase. */
@ProviderType
public interface PhaseContext extends ProgramContext {
    /** How many steps the phase takes. */
    long steps();
}
