package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes the place of TornadoVM's kernel context in generated classes: one work item of a group. */
public final class SimulatedContext {
    public Integer globalIdx = 0;
    public Integer globalIdy = 0;
    public Integer globalIdz = 0;
    public Integer groupIdx = 0;
    public Integer groupIdy = 0;
    public Integer groupIdz = 0;
    public Integer localIdx = 0;
    public Integer localIdy = 0;
    public Integer localIdz = 0;

    private final List<Object> shared;
    private int allocated;

    /** @param shared the local arrays of the group, in the order in which its items ask for them */
    SimulatedContext(List<Object> shared) {
        this.shared = shared;
    }

    void at(int[] group, int[] item, int[] local) {
        allocated = 0;
        groupIdx = group[0];
        groupIdy = group[1];
        groupIdz = group[2];
        localIdx = item[0];
        localIdy = item[1];
        localIdz = item[2];
        globalIdx = group[0] * local[0] + item[0];
        globalIdy = group[1] * local[1] + item[1];
        globalIdz = group[2] * local[2] + item[2];
    }

    public void localBarrier() {
        Turns.yield();
    }

    public float[] allocateFloatLocalArray(int size) {
        if (allocated == shared.size()) {
            float[] undefined = new float[size];
            Arrays.fill(undefined, Float.NaN);
            shared.add(undefined);
        }
        return (float[]) shared.get(allocated++);
    }

    public int[] allocateIntLocalArray(int size) {
        if (allocated == shared.size()) {
            int[] undefined = new int[size];
            Arrays.fill(undefined, 0x5EADBEEF);
            shared.add(undefined);
        }
        return (int[]) shared.get(allocated++);
    }

    static List<Object> noMemory() {
        return new ArrayList<>();
    }
}
