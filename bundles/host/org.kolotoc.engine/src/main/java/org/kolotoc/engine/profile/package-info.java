/** Where the time of a step goes: kernel by kernel, as numbers and as a picture. */
@Export
@Version("0.3.0")
package org.kolotoc.engine.profile;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
