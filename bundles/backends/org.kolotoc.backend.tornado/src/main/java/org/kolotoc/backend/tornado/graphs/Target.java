package org.kolotoc.backend.tornado.graphs;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * What programs are built for.
 *
 * @param name of the device, for people
 * @param records whether the device can record what a graph does, to do it again in one go
 * @param letsClose whether a plan may be closed while others live
 * @param tellsRefusals whether TornadoVM fails where its driver has no memory, and does not go on
 * @param watch sees whether the device does what it is told
 * @param classes kernels that it knows
 */
public record Target(
        String name,
        TornadoDevice device,
        boolean records,
        boolean letsClose,
        boolean tellsRefusals,
        DeviceWatch watch,
        KernelClasses classes) {}
