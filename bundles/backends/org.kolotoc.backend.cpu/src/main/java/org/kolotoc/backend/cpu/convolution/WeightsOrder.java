package org.kolotoc.backend.cpu.convolution;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.kolotoc.backend.cpu.gemm.OneDnn;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.ConvolutionShape;

/**
 * Where weights lie in the library's layout. Its layouts are blocked: filter, channel and place of a kernel each have their share
 * in where a weight is, and the shares add up. They are found by letting the library move some numbers once. Its own moves are of
 * one thread and jump through the program's weights; these read them one after the other, 1 ns a weight less, on all threads.
 */
final class WeightsOrder {
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    /** Weights that a thread moves at a time, at least. */
    private static final int PIECE = 1 << 13;

    private final int channels;
    private final int places;

    /** Floats from the first weight to that of each filter, of each channel, of each place. */
    private final int[] ofFilter;

    private final int[] ofChannel;
    private final int[] ofPlace;
    /** Floats of the library's layout, those that fill blocks up included. */
    private final int floats;

    private final int weights;

    private WeightsOrder(ConvolutionShape s, int floats) {
        this.channels = s.groupChannels();
        this.places = s.down() * s.across();
        this.ofFilter = new int[s.filters()];
        this.ofChannel = new int[channels];
        this.ofPlace = new int[places];
        this.floats = floats;
        this.weights = s.weightsSize();
    }

    /** @param own description of the library's layout, {@code plain} that of the program's */
    static WeightsOrder of(ConvolutionShape s, long plain, long own) {
        WeightsOrder order = new WeightsOrder(s, Math.toIntExact(OneDnn.bytes(own) / Float.BYTES));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocate(4L * s.weightsSize(), 64);
            MemorySegment to = arena.allocate(OneDnn.bytes(own), 64);
            OneDnn.Primitive reorder = ConvolutionPrimitives.reorder(plain, own, arena);
            MemorySegment pad = arena.allocate(Math.max(64, reorder.scratchpadBytes()), 64);
            BoundPrimitive move = new BoundPrimitive(reorder, arena)
                    .with(OneDnn.ARG_SRC, plain, arena)
                    .with(OneDnn.ARG_DST, own, arena)
                    .withScratchpad(arena);
            move.point(0, from.address()).point(1, to.address()).point(2, pad.address());
            order.find(order.ofFilter, order.channels * order.places, from, to, move);
            order.find(order.ofChannel, order.places, from, to, move);
            order.find(order.ofPlace, 1, from, to, move);
        }
        return order;
    }

    /** Numbers weights that are some floats apart in the program from 1 on, and looks where each goes. */
    private void find(int[] share, int apart, MemorySegment from, MemorySegment to, BoundPrimitive move) {
        from.fill((byte) 0);
        for (int i = 0; i < share.length; i++) {
            from.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i * apart, i + 1);
        }
        move.run();
        Arrays.fill(share, -1);
        for (int at = 0; at < floats; at++) {
            int number = (int) to.getAtIndex(ValueLayout.JAVA_FLOAT, at);
            if (number > 0) {
                share[number - 1] = at;
            }
        }
    }

    /** A way to move them, for one run at a time. */
    Move move() {
        return new Move();
    }

    /** Moves weights from one layout to the other, some filters on each thread. */
    final class Move implements Workers.Task {
        private final int together = Math.clamp(PIECE / (channels * places), 1, ofFilter.length);
        private boolean back;
        private long plain;
        private long own;

        /** To the library's layout. */
        void there(long program, long library, Workers workers) {
            if (floats > weights) {
                Patches.clear(library, floats);
            }
            run(program, library, false, workers);
        }

        /** Back from it. */
        void back(long library, long program, Workers workers) {
            run(program, library, true, workers);
        }

        private void run(long program, long library, boolean whether, Workers workers) {
            plain = program;
            own = library;
            back = whether;
            workers.run(this, Math.ceilDiv(ofFilter.length, together));
        }

        @Override
        public void run(int piece) {
            int limit = Math.min(ofFilter.length, (piece + 1) * together);
            for (int filter = piece * together; filter < limit; filter++) {
                for (int channel = 0; channel < channels; channel++) {
                    long from = plain + 4L * ((long) filter * channels + channel) * places;
                    long lies = own + 4L * (ofFilter[filter] + ofChannel[channel]);
                    if (back) {
                        for (int place = 0; place < places; place++) {
                            float weight = ALL.get(ValueLayout.JAVA_FLOAT, lies + 4L * ofPlace[place]);
                            ALL.set(ValueLayout.JAVA_FLOAT, from + 4L * place, weight);
                        }
                    } else {
                        for (int place = 0; place < places; place++) {
                            float weight = ALL.get(ValueLayout.JAVA_FLOAT, from + 4L * place);
                            ALL.set(ValueLayout.JAVA_FLOAT, lies + 4L * ofPlace[place], weight);
                        }
                    }
                }
            }
        }
    }
}
