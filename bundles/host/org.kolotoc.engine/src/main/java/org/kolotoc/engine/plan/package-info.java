/** What of an experiment is there and what is missing, and why a plugin can or can't be used. Nothing is trained. */
@Export
@Version("0.4.0")
package org.kolotoc.engine.plan;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
