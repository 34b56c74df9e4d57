/** What a command begins with: its options, the experiment with their changes, the past of a run that goes on. */
@Export
@Version("0.5.0")
package org.kolotoc.engine.open;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
