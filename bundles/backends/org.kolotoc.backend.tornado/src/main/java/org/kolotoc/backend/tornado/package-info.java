/**
 * Runs compiled programs through TornadoVM on OpenCL, PTX or CUDA devices: every launch as a generated kernel, all state on
 * the device.
 */
package org.kolotoc.backend.tornado;
