/**
 * Why something that is installed can't be used: what it reasons, what lies behind that, and what to do. The one place that
 * makes such sentences; bundles that are not installed are read from their manifests.
 */
@Export
@Version("0.5.0")
package org.kolotoc.engine.need;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
