/** What programs can run on, and whether it computes what it should. */
@Export
@Version("0.3.0")
package org.kolotoc.engine.device;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
