/** How far something is, for people who wait: one line that fits where it is printed. */
@Export
@Version("0.3.0")
package org.kolotoc.engine.progress;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
