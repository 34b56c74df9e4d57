/** What a run carries from step to step, on the device and on disk. */
@Export
@Version("0.8.0")
package org.kolotoc.engine.state;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
