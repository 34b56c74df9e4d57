/**
 * Seats: what is plugged in, which plugin fills which seat of an experiment, and what happens when one of them fails.
 * Every call into a plugin's code goes through {@link org.kolotoc.engine.fill.Occupant}.
 */
@Export
@Version("0.13.0")
package org.kolotoc.engine.fill;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
