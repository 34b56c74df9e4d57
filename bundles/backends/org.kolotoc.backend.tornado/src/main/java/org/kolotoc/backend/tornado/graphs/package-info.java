/** Puts kernels into task graphs of one execution plan, and knows which array is newer, the host's or the device's. */
package org.kolotoc.backend.tornado.graphs;
