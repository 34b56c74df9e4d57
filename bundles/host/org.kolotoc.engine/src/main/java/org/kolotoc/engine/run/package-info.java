/** A run from its first step to its verdict: an object that clients begin, hear, pause, save and stop. */
@Export
@Version("0.5.0")
package org.kolotoc.engine.run;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
