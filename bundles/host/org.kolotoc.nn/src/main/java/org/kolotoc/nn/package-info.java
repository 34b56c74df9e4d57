/** Layers, losses, initialisers, optimisers and schedules: plain functions over tensors. */
@Export
@Version("0.8.0")
package org.kolotoc.nn;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
