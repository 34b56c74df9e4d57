/** Two sides, trained with the same seeds: what is claimed of them, judged from what their runs measured. */
@Export
@Version("0.3.0")
package org.kolotoc.engine.compare;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
