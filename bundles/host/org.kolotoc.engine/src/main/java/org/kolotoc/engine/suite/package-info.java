/** A folder of experiments, run one after the other: what became of each, and how it goes on after it was stopped. */
@Export
@Version("0.3.0")
package org.kolotoc.engine.suite;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
