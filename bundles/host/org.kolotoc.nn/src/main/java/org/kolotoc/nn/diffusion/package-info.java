/** Denoising diffusion: how samples become noise, what a denoiser tells of it, and what both mean for one step back. */
@Export
@Version("0.2.0")
package org.kolotoc.nn.diffusion;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
