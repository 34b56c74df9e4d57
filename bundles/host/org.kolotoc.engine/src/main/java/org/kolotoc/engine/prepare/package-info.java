/** An experiment on a backend: models sized, programs compiled, memory foreseen; taken and given back phase by phase. */
@Export
@Version("0.13.0")
package org.kolotoc.engine.prepare;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
