package org.kolotoc.launcher.tornado;

import jdk.vm.ci.meta.ResolvedJavaMethod;
import uk.ac.manchester.tornado.runtime.ASMClassVisitorProvider;
import uk.ac.manchester.tornado.runtime.common.ParallelAnnotationProvider;

/**
 * Tells TornadoVM that no loop of a kernel is marked as parallel. All kernels here name their work item themselves, and
 * TornadoVM's own provider would look for their class files through the system's class loader, where generated ones are
 * not.
 */
public final class NoAnnotations implements ASMClassVisitorProvider {
    @Override
    public ParallelAnnotationProvider[] getParallelAnnotations(ResolvedJavaMethod method) {
        return new ParallelAnnotationProvider[0];
    }
}
