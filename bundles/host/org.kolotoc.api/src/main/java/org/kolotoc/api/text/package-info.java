/** Seats and contracts of models that read and write tokens. */
@Export
@Version("0.6.0")
package org.kolotoc.api.text;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
