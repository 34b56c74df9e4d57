/** Who set each value of an experiment: its file, the command line, or a default. */
@Export
@Version("0.4.0")
package org.kolotoc.engine.why;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
