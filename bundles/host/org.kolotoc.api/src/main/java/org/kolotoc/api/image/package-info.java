/** Pictures as samples: what samplers draw and judges see. */
@Export
@Version("0.6.0")
package org.kolotoc.api.image;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
