/** Finds, fetches, locks and watches the files that data is read from. */
@Export
@Version("0.4.0")
package org.kolotoc.engine.data;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
