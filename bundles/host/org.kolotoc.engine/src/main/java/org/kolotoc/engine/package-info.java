/**
 * The shaft: reads experiments, fills seats, drives steps, keeps checkpoints and writes run folders. Imports no plugin
 * and no backend; finds them as services.
 */
@Export
@Version("0.10.0")
package org.kolotoc.engine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
