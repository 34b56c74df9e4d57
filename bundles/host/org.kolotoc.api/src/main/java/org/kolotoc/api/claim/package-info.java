/** What is claimed of two sides of a comparison, and what runs of both say of it. */
@Export
@Version("0.2.0")
package org.kolotoc.api.claim;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
