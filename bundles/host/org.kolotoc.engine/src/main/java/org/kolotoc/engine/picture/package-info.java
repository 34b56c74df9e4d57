/** Pictures as SVG that needs nothing else. */
@Export
@Version("0.3.0")
package org.kolotoc.engine.picture;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
