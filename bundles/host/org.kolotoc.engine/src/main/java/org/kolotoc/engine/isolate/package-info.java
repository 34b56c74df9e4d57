/** Runs in a process of their own, so that nothing a plugin does to a process reaches the host: what they tell, and their end. */
@Export
@Version("0.1.0")
package org.kolotoc.engine.isolate;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
