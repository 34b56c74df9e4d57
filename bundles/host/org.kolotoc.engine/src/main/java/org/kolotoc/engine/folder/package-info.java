/** The folder of one run: who holds it, how far it is, what was measured; nothing outside it is ever written. */
@Export
@Version("0.11.0")
package org.kolotoc.engine.folder;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
