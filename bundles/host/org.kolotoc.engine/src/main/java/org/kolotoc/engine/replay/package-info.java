/** Steps taken again: what they give by hash, and whether that is what a run's folder says. */
@Export
@Version("0.4.0")
package org.kolotoc.engine.replay;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
