/** Checkpoints that another library wrote become run folders. */
@Export
@Version("0.5.0")
package org.kolotoc.engine.foreign;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
