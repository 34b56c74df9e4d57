/** What is counted and estimated of numbers and texts on the heap: order, diversity, intervals. In double precision. */
@Export
@Version("0.1.0")
package org.kolotoc.nn.statistics;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
