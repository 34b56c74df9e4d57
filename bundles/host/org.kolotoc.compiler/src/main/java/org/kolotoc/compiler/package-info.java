/**
 * From a tensor program to launches: which primitives share a kernel, where every value lies, in which order all of it
 * runs. Knows no machine: a backend takes the {@link org.kolotoc.compiler.Plan} and emits code for it.
 */
@Export
@Version("0.8.0")
package org.kolotoc.compiler;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
