/** Which bundles fill the seats of a run, kept with it: lock.json names them, and their jars lie in the run's folder. */
@Export
@Version("0.7.0")
package org.kolotoc.engine.lease;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
