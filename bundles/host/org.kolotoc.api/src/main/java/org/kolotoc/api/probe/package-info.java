/**
 * Reading inner values of a run that goes on. A {@link org.kolotoc.api.probe.Probe} derives a second program from each that a
 * step runs ({@link org.kolotoc.api.probe.Derivation}); it finds what it reads by what every trace tells of itself
 * ({@link org.kolotoc.api.probe.InnerValues}), so that no model or phase has to know of it.
 */
@Export
@Version("0.1.0")
package org.kolotoc.api.probe;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
