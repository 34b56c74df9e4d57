package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts launches of one kernel that do not wait for each other into one, as planes of groups along the third axis: the
 * updates of all parameters of one size, say. A launch costs a device tens of microseconds, whatever it does.
 */
final class Batches {
    private static final int MOST_PLANES = 4096;

    private final List<Batch> batches = new ArrayList<>();

    /** Launches that run as one. */
    private static final class Batch {
        private final List<GeneratedKernel> members = new ArrayList<>();
        private Footprint footprint;

        Batch(GeneratedKernel first, Footprint footprint) {
            members.add(first);
            this.footprint = footprint;
        }

        boolean takes(GeneratedKernel kernel) {
            GeneratedKernel first = members.getFirst();
            return kernel.global().size() < 3
                    && members.size() < MOST_PLANES
                    && kernel.className().equals(first.className())
                    && kernel.arguments().equals(first.arguments())
                    && kernel.global().equals(first.global())
                    && kernel.local().equals(first.local());
        }

        void join(GeneratedKernel kernel, Footprint other) {
            members.add(kernel);
            footprint = footprint.and(other);
        }

        GeneratedKernel kernel() {
            GeneratedKernel first = members.getFirst();
            if (members.size() == 1) {
                return first;
            }
            return new GeneratedKernel(
                    first.name() + "_and_" + (members.size() - 1),
                    first.className(),
                    first.classFile(),
                    first.arguments(),
                    members.stream()
                            .flatMap(member -> member.parameters().stream())
                            .toList(),
                    axes(first.global(), members.size()),
                    axes(first.local(), 1));
        }

        private static List<Integer> axes(List<Integer> extents, int planes) {
            return List.of(extents.get(0), extents.size() > 1 ? extents.get(1) : 1, planes);
        }
    }

    /** Appends a launch, or adds it to one before that comes after all that it waits for. */
    void add(GeneratedKernel kernel, Footprint footprint) {
        int first = batches.size();
        while (first > 0 && !batches.get(first - 1).footprint.meets(footprint)) {
            first--;
        }
        for (Batch batch : batches.subList(first, batches.size())) {
            if (batch.takes(kernel)) {
                batch.join(kernel, footprint);
                return;
            }
        }
        batches.add(new Batch(kernel, footprint));
    }

    /** In the order they run. */
    List<GeneratedKernel> kernels() {
        return batches.stream().map(Batch::kernel).toList();
    }
}
