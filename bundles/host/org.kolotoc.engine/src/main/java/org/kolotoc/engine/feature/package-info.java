/**
 * Features at run time: bundles that belong together are installed, exchanged and taken out as one, and every such step is a
 * numbered state that one can go back to. Read are OSGi feature files (Compendium, chapter 159), and indexes of
 * repositories (Compendium, chapter 132, {@code repository.xml}).
 */
@Export
@Version("0.4.0")
package org.kolotoc.engine.feature;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
