/**
 * Probes in a run that goes on: they are attached between two steps, read inner values of the programs that a step runs, and are
 * taken off again, without a trace in what the run computes.
 */
@Export
@Version("0.1.0")
package org.kolotoc.engine.probe;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
