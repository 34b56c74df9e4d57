/** Conformance suites that a plugin author subclasses in three lines. */
@Export
@Version("0.12.0")
package org.kolotoc.tck;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
