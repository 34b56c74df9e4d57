/** Files that people wrote: what is wrong with one is told with its place. */
@Export
@Version("0.1.0")
package org.kolotoc.api.file;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
