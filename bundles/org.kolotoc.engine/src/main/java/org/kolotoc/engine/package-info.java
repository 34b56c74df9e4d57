/** The shaft: reads experiments, fills seats, drives steps, writes checkpoints and run folders. */
@Export
@Version("0.1.0")
package org.kolotoc.engine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
