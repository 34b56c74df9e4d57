package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Puts launches of one kernel that do not wait for each other into one, as planes of groups along the third axis: the
 * updates of all parameters of one size, say. A launch costs a device tens of microseconds, whatever it does.
 */
final class HorizontalFusion {
    private static final int MOST_PLANES = 4096;
    /** Items of planes that are as large as the largest, for each that does something. */
    private static final int MOST_PADDING = 2;

    private final List<Batch> batches = new ArrayList<>();

    /** Launches that run as one. */
    private static final class Batch {
        private final List<DeviceTask> members = new ArrayList<>();
        private Footprint footprint;

        Batch(DeviceTask first, Footprint footprint) {
            members.add(first);
            this.footprint = footprint;
        }

        boolean takes(DeviceTask task) {
            return task instanceof GeneratedKernel kernel
                    && members.getFirst() instanceof GeneratedKernel first
                    && kernel.global().size() < 3
                    && members.size() < MOST_PLANES
                    && kernel.className().equals(first.className())
                    && kernel.arguments().equals(first.arguments())
                    && kernel.local().equals(first.local())
                    && (kernel.global().equals(first.global()) || kernel.guarded() && pads(kernel));
        }

        /** Whether planes of the largest size are not much more than what is needed. */
        private boolean pads(GeneratedKernel kernel) {
            long needed = kernel.global().getFirst();
            long largest = needed;
            for (DeviceTask member : members) {
                int items = ((GeneratedKernel) member).global().getFirst();
                needed += items;
                largest = Math.max(largest, items);
            }
            return largest * (members.size() + 1) <= MOST_PADDING * needed;
        }

        void join(DeviceTask task, Footprint other) {
            members.add(task);
            footprint = footprint.and(other);
        }

        DeviceTask task() {
            if (members.size() == 1) {
                return members.getFirst();
            }
            List<GeneratedKernel> kernels =
                    members.stream().map(GeneratedKernel.class::cast).toList();
            GeneratedKernel first = kernels.getFirst();
            return new GeneratedKernel(
                    first.name() + "_and_" + (members.size() - 1),
                    first.className(),
                    first.classFile(),
                    first.arguments(),
                    kernels.stream()
                            .flatMap(member -> member.parameters().stream())
                            .toList(),
                    axes(largest(kernels), members.size()),
                    axes(first.local(), 1),
                    false);
        }

        /** Those that differ have one axis. */
        private static List<Integer> largest(List<GeneratedKernel> kernels) {
            return kernels.stream()
                    .map(GeneratedKernel::global)
                    .max(Comparator.comparing(List::getFirst))
                    .orElseThrow();
        }

        private static List<Integer> axes(List<Integer> extents, int planes) {
            return List.of(extents.get(0), extents.size() > 1 ? extents.get(1) : 1, planes);
        }
    }

    /**
     * Appends a launch, or adds it to one before: one that comes after all that it waits for, or one that may wait until
     * then, as sums at the end of gradients do.
     */
    void add(DeviceTask task, Footprint footprint) {
        int first = batches.size();
        while (first > 0 && !batches.get(first - 1).footprint.meets(footprint)) {
            first--;
        }
        for (Batch batch : batches.subList(first, batches.size())) {
            if (batch.takes(task)) {
                batch.join(task, footprint);
                return;
            }
        }
        for (int i = first - 2; i >= 0; i--) {
            Batch batch = batches.get(i);
            if (batch.takes(task) && !batch.footprint.meets(footprint) && mayWait(i, first)) {
                batches.remove(i);
                batch.join(task, footprint);
                batches.add(first - 1, batch);
                return;
            }
        }
        batches.add(new Batch(task, footprint));
    }

    /** Whether a batch has nothing to do with those that come after it and before another. */
    private boolean mayWait(int batch, int end) {
        Footprint footprint = batches.get(batch).footprint;
        return batches.subList(batch + 1, end).stream().noneMatch(other -> other.footprint.meets(footprint));
    }

    /** What each of {@link #tasks} is made of. */
    List<List<DeviceTask>> members() {
        return batches.stream().map(batch -> List.copyOf(batch.members)).toList();
    }

    /** In the order they run. */
    List<DeviceTask> tasks() {
        return batches.stream().map(Batch::task).toList();
    }
}
