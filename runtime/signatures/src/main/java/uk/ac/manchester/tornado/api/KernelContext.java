package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;

/** Which work item this is, barriers and local memory: the first argument of every kernel. */
public class KernelContext {
    public final Integer globalIdx = 0;
    public final Integer globalIdy = 0;
    public final Integer globalIdz = 0;
    public final Integer groupIdx = 0;
    public final Integer groupIdy = 0;
    public final Integer groupIdz = 0;
    public final Integer localIdx = 0;
    public final Integer localIdy = 0;
    public final Integer localIdz = 0;
    public final Integer globalGroupSizeX = 0;
    public final Integer globalGroupSizeY = 0;
    public final Integer globalGroupSizeZ = 0;
    public final Integer localGroupSizeX = 0;
    public final Integer localGroupSizeY = 0;
    public final Integer localGroupSizeZ = 0;

    public KernelContext() {
        throw new Signature();
    }

    public void localBarrier() {
        throw new Signature();
    }

    public void globalBarrier() {
        throw new Signature();
    }

    public int[] allocateIntLocalArray(int size) {
        throw new Signature();
    }

    public float[] allocateFloatLocalArray(int size) {
        throw new Signature();
    }
}
