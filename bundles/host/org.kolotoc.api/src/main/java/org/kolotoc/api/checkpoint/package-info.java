/**
 * Checkpoints that another library wrote: which ones a model family reads, what their configuration asks for, and where each
 * parameter lies in them.
 */
@Export
@Version("0.2.0")
package org.kolotoc.api.checkpoint;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
