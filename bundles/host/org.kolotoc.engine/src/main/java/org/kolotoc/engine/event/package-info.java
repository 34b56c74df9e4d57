/** What runs and commands tell those who wait for them, and how these stop them. Nothing here prints. */
@Export
@Version("0.7.0")
package org.kolotoc.engine.event;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
