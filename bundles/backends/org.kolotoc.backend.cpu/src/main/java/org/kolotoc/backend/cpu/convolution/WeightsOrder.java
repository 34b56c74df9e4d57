package org.kolotoc.backend.cpu.convolution;

import static org.kolotoc.backend.cpu.convolution.Memory.ALL;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.kolotoc.backend.cpu.gemm.OneDnn;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.ConvolutionShape;

/**
 * Where weights lie in the library's layout. Its layouts are blocked: filter, channel and place of a kernel each have their share
 * in where a weight is, and the shares add up. They are found by letting the library move some numbers once. Its own moves are of
 * one thread and jump through the program's weights; these are of all threads, and turn {@value #BLOCK} neighbours of the
 * library's at a time: 0.5 ns a weight, where one by one they take up to 2.4, since its places are a power of two apart.
 */
final class WeightsOrder {
    /** Filters, or channels, that all of the library's layouts have as neighbours, if there are so many. */
    private static final int BLOCK = 16;
    /** Weights that a thread moves at a time, at least. */
    private static final int PIECE = 1 << 13;

    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

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

    /** Whether each whole block of filters, or of channels, lies one after the other. */
    private static boolean blocked(int[] shares) {
        return shares.length % BLOCK == 0
                && IntStream.range(0, shares.length).allMatch(i -> shares[i] == shares[i / BLOCK * BLOCK] + i % BLOCK);
    }

    /** Moves weights from one layout to the other, some filters on each thread. */
    final class Move implements Workers.Task {
        private final boolean filtersTogether = blocked(ofFilter);
        private final boolean channelsTogether = !filtersTogether && blocked(ofChannel);
        private final int together = filtersTogether
                ? Math.clamp(Math.ceilDiv(PIECE, channels * places * BLOCK), 1, ofFilter.length / BLOCK) * BLOCK
                : Math.clamp(PIECE / (channels * places), 1, ofFilter.length);
        private final int pieces = Math.ceilDiv(ofFilter.length, together);
        /** A block for each piece: {@code [place, filter or channel]}. */
        private final float[] tiles = new float[pieces * places * BLOCK];

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
            workers.run(this, pieces);
        }

        @Override
        public void run(int piece) {
            int limit = Math.min(ofFilter.length, (piece + 1) * together);
            int filterStep = filtersTogether ? BLOCK : 1;
            int channelStep = channelsTogether ? BLOCK : 1;
            boolean blocks = filtersTogether || channelsTogether;
            int stride = filtersTogether ? channels * places : places;
            int tile = piece * places * BLOCK;
            for (int filter = piece * together; filter < limit; filter += filterStep) {
                for (int channel = 0; channel < channels; channel += channelStep) {
                    long from = plain + 4L * ((long) filter * channels + channel) * places;
                    long lies = own + 4L * (ofFilter[filter] + ofChannel[channel]);
                    if (!blocks) {
                        kernel(from, lies);
                    } else if (back) {
                        take(lies, tile);
                        spread(tile, from, stride);
                    } else {
                        collect(from, stride, tile);
                        put(tile, lies);
                    }
                }
            }
        }

        /** One kernel. */
        private void kernel(long from, long lies) {
            for (int place = 0; place < places; place++) {
                long at = from + 4L * place;
                long owned = lies + 4L * ofPlace[place];
                if (back) {
                    ALL.set(ValueLayout.JAVA_FLOAT, at, ALL.get(ValueLayout.JAVA_FLOAT, owned));
                } else {
                    ALL.set(ValueLayout.JAVA_FLOAT, owned, ALL.get(ValueLayout.JAVA_FLOAT, at));
                }
            }
        }

        /** Kernels of the program, a stride apart, into a tile. */
        private void collect(long from, int stride, int tile) {
            for (int i = 0; i < BLOCK; i++) {
                for (int place = 0; place < places; place++) {
                    tiles[tile + place * BLOCK + i] =
                            ALL.get(ValueLayout.JAVA_FLOAT, from + 4L * ((long) i * stride + place));
                }
            }
        }

        private void spread(int tile, long to, int stride) {
            for (int i = 0; i < BLOCK; i++) {
                for (int place = 0; place < places; place++) {
                    ALL.set(
                            ValueLayout.JAVA_FLOAT,
                            to + 4L * ((long) i * stride + place),
                            tiles[tile + place * BLOCK + i]);
                }
            }
        }

        /** A tile into the library's layout. */
        private void put(int tile, long lies) {
            for (int place = 0; place < places; place++) {
                for (int i = 0; i < BLOCK; i += SPECIES.length()) {
                    FloatVector.fromArray(SPECIES, tiles, tile + place * BLOCK + i)
                            .intoMemorySegment(ALL, lies + 4L * (ofPlace[place] + i), NATIVE);
                }
            }
        }

        private void take(long lies, int tile) {
            for (int place = 0; place < places; place++) {
                for (int i = 0; i < BLOCK; i += SPECIES.length()) {
                    FloatVector.fromMemorySegment(SPECIES, ALL, lies + 4L * (ofPlace[place] + i), NATIVE)
                            .intoArray(tiles, tile + place * BLOCK + i);
                }
            }
        }
    }
}
