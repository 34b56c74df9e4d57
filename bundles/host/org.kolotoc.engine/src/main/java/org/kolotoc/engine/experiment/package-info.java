/** Experiments as people write them: JSON, overrides, and records with every fault found and named. */
@Export
@Version("0.14.0")
package org.kolotoc.engine.experiment;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
