package org.kolotoc.backend.tornado.kernels;

import java.util.List;

/** One unit of work for a device. */
public sealed interface DeviceTask permits GeneratedKernel, LibraryProduct {
    /** Made of letters, digits and underscores, unique in the plan. */
    String name();

    /** Arrays that it takes, each at most once. */
    List<DeviceMemory> arguments();
}
