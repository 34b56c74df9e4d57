/** What a run shows people: one page that needs nothing else. */
@Export
@Version("0.4.0")
package org.kolotoc.engine.report;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
