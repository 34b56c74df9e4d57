/**
 * Tensor programs: what a plugin writes instead of kernels.
 *
 * <p>A {@link org.kolotoc.tensor.Tracer} hands out leaves, {@link org.kolotoc.tensor.Tensor} methods append primitive
 * {@link org.kolotoc.tensor.Op operations}, {@link org.kolotoc.tensor.Gradients} appends the reverse mode derivative to
 * the same trace, and the result is an immutable {@link org.kolotoc.tensor.Program}. A
 * {@link org.kolotoc.tensor.Backend} turns a program into an {@link org.kolotoc.tensor.Executable} that runs thousands
 * of times on the same buffers. Shapes are static; whatever varies between steps is data.
 */
@Export
@Version("0.13.0")
package org.kolotoc.tensor;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
