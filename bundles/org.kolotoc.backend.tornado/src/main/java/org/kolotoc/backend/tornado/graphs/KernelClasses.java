package org.kolotoc.backend.tornado.graphs;

import org.kolotoc.backend.tornado.kernels.GeneratedKernel;

/** Defines one kernel's class; thrown away with the plan that runs it. */
final class KernelClasses extends ClassLoader {
    private KernelClasses() {
        // TornadoVM's types come the way that this bundle gets them.
        super(KernelClasses.class.getClassLoader());
    }

    /** An instance of the kernel, as a task takes it. */
    static Object instance(GeneratedKernel kernel) {
        byte[] bytes = kernel.classFile();
        try {
            return new KernelClasses()
                    .defineClass(kernel.className(), bytes, 0, bytes.length)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the class of kernel " + kernel.name() + " was refused", e);
        }
    }
}
