/** Turns a tensor program into fused kernels, library calls and a memory plan, for any backend. */
@Export
@Version("0.1.0")
package org.kolotoc.compiler;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
