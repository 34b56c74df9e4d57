package org.kolotoc.backend.tornado.graphs;

import java.util.HashMap;
import java.util.Map;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;

/**
 * The classes of kernels, one for each content: TornadoVM analyses a class once and keeps it for good. They know TornadoVM's
 * types and nothing of a plugin.
 */
public final class KernelClasses {
    private final Map<String, Object> instances = new HashMap<>();

    /** Defines one class. */
    private static final class Loader extends ClassLoader {
        Loader() {
            // TornadoVM's types come the way that this bundle gets them.
            super(KernelClasses.class.getClassLoader());
        }

        Class<?> define(GeneratedKernel kernel) {
            byte[] bytes = kernel.classFile();
            return defineClass(kernel.className(), bytes, 0, bytes.length);
        }
    }

    /** An instance of the kernel, as a task takes it; the same for kernels of the same content. */
    synchronized Object instance(GeneratedKernel kernel) {
        return instances.computeIfAbsent(kernel.className(), _ -> {
            try {
                return new Loader().define(kernel).getDeclaredConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the class of kernel " + kernel.name() + " was refused", e);
            }
        });
    }
}
