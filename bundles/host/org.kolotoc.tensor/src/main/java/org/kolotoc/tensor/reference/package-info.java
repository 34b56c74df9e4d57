/** A slow backend that says what every operation means: the oracle of every test and the definition in doubt. */
@Export
@Version("0.3.0")
package org.kolotoc.tensor.reference;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
