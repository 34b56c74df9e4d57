/** Tensor programs: a typed graph of about thirty primitives, its gradients, and the contract of a backend. */
@Export
@Version("0.1.0")
package org.kolotoc.tensor;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
