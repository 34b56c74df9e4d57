package org.kolotoc.backend.tornado.kernels;

import java.util.List;

/**
 * A kernel and how it is launched. The class is public and final, has a public constructor without arguments, no fields,
 * and implements the {@code TornadoFunctions.TaskN} of its number of arguments, the kernel context and the parameters
 * included.
 *
 * @param name made of letters, digits and underscores, unique in the plan
 * @param className binary name of the class
 * @param arguments arrays after the kernel context, each at most once
 * @param parameters content of the array of ints after these, of which kernels of one class differ; there is none where
 *     this is empty
 * @param global items along up to three axes, multiples of {@code local}
 * @param local items of a work group along the same axes
 * @param guarded whether more items along the first axis, of which it has one alone, do nothing
 */
public record GeneratedKernel(
        String name,
        String className,
        byte[] classFile,
        List<DeviceMemory> arguments,
        List<Integer> parameters,
        List<Integer> global,
        List<Integer> local,
        boolean guarded)
        implements DeviceTask {

    /** Most arguments of a task, the kernel context and the parameters included. */
    public static final int MOST_ARGUMENTS = 20;
    /** Most arrays that a kernel takes beside these two. */
    static final int MOST_ARRAYS = MOST_ARGUMENTS - 2;
}
