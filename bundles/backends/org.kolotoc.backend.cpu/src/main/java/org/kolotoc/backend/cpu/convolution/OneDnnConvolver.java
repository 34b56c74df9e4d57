package org.kolotoc.backend.cpu.convolution;

import static org.kolotoc.backend.cpu.convolution.Memory.ALL;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.kolotoc.backend.cpu.gemm.OneDnn;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.ConvolutionShape;
import org.kolotoc.compiler.Launch.ConvolutionPart;

/**
 * Convolution by oneDNN. A piece is a block of images: they are moved into the layout that the library wants, channels
 * innermost, and back, while they are near the processor; the program's tensors stay as they are. Weights are moved once a run,
 * see {@link WeightsOrder}.
 * Gradients of weights are added up by parts of the batch, in order: the library alone would have other bits for other numbers
 * of threads.
 */
final class OneDnnConvolver implements Convolver {
    /** Bytes of images and results that stay near a processor. */
    private static final long NEAR = 1 << 20;
    /** Pieces of a run, if there are so many images. */
    private static final int PIECES = 8;

    private static final int LINE = 64;

    /** 1 channel, 4 x 4, stride 2: 0.9 ms by the library, 0.2 by patches; 3 channels, 3 x 3: 1.4 and 1.3; 4: 1.0 and 1.3. */
    static final int FEW_CHANNELS = 3;

    private final Convolution convolution;
    private final ConvolutionPrimitives.Compiled compiled;
    /** Images of a piece. */
    private final int block;

    private final int pieces;
    private final Layout images;
    private final Layout result;
    /** How weights move; null if the primitive takes them as they lie. */
    private final WeightsOrder weights;
    /** Of the weights as the primitive takes them. */
    private final long weightsBytes;

    /**
     * How an operand lies in the program and in the primitive.
     *
     * @param plain description
     * @param own the same if the primitive takes it as it lies
     * @param reorder moves it there, or back from there; null if it lies there
     * @param bytes of the primitive's own, aligned; 0 if there is none
     */
    private record Layout(long plain, long own, OneDnn.Primitive reorder, long bytes) {
        static Layout of(long plain, long own, boolean back, Arena arena) {
            if (ConvolutionPrimitives.same(plain, own)) {
                return new Layout(plain, plain, null, 0);
            }
            OneDnn.Primitive reorder = back
                    ? ConvolutionPrimitives.reorder(own, plain, arena)
                    : ConvolutionPrimitives.reorder(plain, own, arena);
            return new Layout(plain, own, reorder, aligned(OneDnn.bytes(own)));
        }
    }

    private OneDnnConvolver(Convolution convolution, ConvolutionPrimitives.Compiled compiled, int block, Arena arena) {
        ConvolutionShape s = convolution.shape();
        ConvolutionPart part = convolution.part();
        this.convolution = convolution;
        this.compiled = compiled;
        this.block = block;
        this.pieces = s.batch() / block;
        images = Layout.of(
                planes(s.channels(), s.height(), s.width(), convolution.imageStride(), arena),
                compiled.images(),
                part == ConvolutionPart.IMAGES,
                arena);
        result = Layout.of(
                planes(s.filters(), s.rows(), s.columns(), convolution.resultStride(), arena),
                compiled.result(),
                part == ConvolutionPart.RESULT,
                arena);
        long plain = weights(s, arena);
        boolean same = ConvolutionPrimitives.same(plain, compiled.weights());
        weights = same ? null : WeightsOrder.of(s, plain, compiled.weights());
        weightsBytes = OneDnn.bytes(compiled.weights());
    }

    /**
     * Whether the library is faster than products of patches. It computes channels sixteen at a time, which gradients of images
     * of one to three channels would be waste of, and moves a result of many channels that such images alone don't take long to
     * compute. It would also move images whose windows are single elements, which are matrices as they lie. Gradients of weights
     * it is faster in all the same.
     */
    static boolean pays(Convolution convolution) {
        ConvolutionShape s = convolution.shape();
        if (s.groups() > 1) {
            return true;
        }
        return !s.isPointwise() && (convolution.part() == ConvolutionPart.WEIGHTS || s.channels() > FEW_CHANNELS);
    }

    /** Nothing where the library is not there, or has no fast way. */
    static Optional<Convolver> of(Convolution convolution, Arena arena) {
        if (!OneDnn.available()) {
            return Optional.empty();
        }
        int block = block(convolution);
        return ConvolutionPrimitives.compile(convolution.part(), convolution.shape(), block, arena)
                .map(compiled -> new OneDnnConvolver(convolution, compiled, block, arena));
    }

    /** The shape decides alone: the parts that gradients of weights are added up by are the pieces. */
    private static int block(Convolution convolution) {
        ConvolutionShape s = convolution.shape();
        if (convolution.part() == ConvolutionPart.WEIGHTS) {
            long bytes = 4L * s.weightsSize();
            int block = divisor(s.batch(), Math.ceilDiv(s.batch(), PartialSums.parts(s.batch(), bytes)));
            // A batch that no small number divides would have too many parts; it has one.
            return PartialSums.fit(s.batch() / block, bytes) ? block : s.batch();
        }
        long near = NEAR / (4L * (s.imageSize() + s.resultSize()));
        return divisor(s.batch(), Math.clamp(near, 1, Math.ceilDiv(s.batch(), PIECES)));
    }

    /** The largest number up to a limit that divides another. */
    private static int divisor(int number, int limit) {
        int divisor = limit;
        while (number % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    private long planes(int channels, int rows, int columns, int stride, Arena arena) {
        return OneDnn.description(
                new long[] {block, channels, rows, columns},
                new long[] {stride, (long) rows * columns, columns, 1},
                OneDnn.TYPE_F32,
                arena);
    }

    private static long weights(ConvolutionShape s, Arena arena) {
        long kernel = (long) s.down() * s.across();
        long[] sizes = {s.groups(), s.groupFilters(), s.groupChannels(), s.down(), s.across()};
        long[] strides = {(long) s.groupFilters() * s.filterSize(), s.filterSize(), kernel, s.across(), 1};
        return s.groups() == 1
                ? OneDnn.description(tail(sizes), tail(strides), OneDnn.TYPE_F32, arena)
                : OneDnn.description(sizes, strides, OneDnn.TYPE_F32, arena);
    }

    private static long[] tail(long[] numbers) {
        return Arrays.copyOfRange(numbers, 1, numbers.length);
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, 64L) * 64;
    }

    private boolean sums() {
        return convolution.part() == ConvolutionPart.WEIGHTS;
    }

    @Override
    public long scratchBytes() {
        long pad = Math.max(compiled.primitive().scratchpadBytes(), Math.max(pad(images), pad(result)));
        return images.bytes() + result.bytes() + aligned(pad);
    }

    private static long pad(Layout layout) {
        return layout.reorder() == null ? 0 : layout.reorder().scratchpadBytes();
    }

    @Override
    public long workspaceBytes() {
        if (sums()) {
            return pieces * partialBytes();
        }
        return weights == null ? 0 : aligned(weightsBytes);
    }

    private long partialBytes() {
        return 4 * PartialSums.stride(weightsBytes / 4);
    }

    @Override
    public long callBytes(int threads) {
        return 3L * threads * BoundPrimitive.BYTES;
    }

    @Override
    public Call call(int threads, Arena arena) {
        return new Operands(threads, arena);
    }

    private static BoundPrimitive reorder(Layout layout, boolean back, Arena arena) {
        if (layout.reorder() == null) {
            return null;
        }
        return new BoundPrimitive(layout.reorder(), arena)
                .with(OneDnn.ARG_SRC, back ? layout.own() : layout.plain(), arena)
                .with(OneDnn.ARG_DST, back ? layout.plain() : layout.own(), arena)
                .withScratchpad(arena);
    }

    /** What a thread runs. */
    private final class Slot {
        private final BoundPrimitive primitive;
        private final BoundPrimitive moveImages;
        private final BoundPrimitive moveResult;
        /** Of no meaning; what nobody keeps HotSpot does not read. */
        private int seen;

        Slot(Arena arena) {
            primitive = new BoundPrimitive(compiled.primitive(), arena)
                    .with(compiled.imagesArgument(), images.own(), arena)
                    .with(compiled.weightsArgument(), compiled.weights(), arena)
                    .with(compiled.resultArgument(), result.own(), arena)
                    .withScratchpad(arena);
            moveImages = reorder(images, convolution.part() == ConvolutionPart.IMAGES, arena);
            moveResult = reorder(result, convolution.part() == ConvolutionPart.RESULT, arena);
        }

        void run(long image, long weight, long out, long memory) {
            long pad = memory + images.bytes() + result.bytes();
            long ownImage = moveImages == null ? image : memory;
            long ownResult = moveResult == null ? out : memory + images.bytes();
            ConvolutionPart part = convolution.part();
            if (moveImages != null && part != ConvolutionPart.IMAGES) {
                seen += fetched(
                        image, convolution.imageStride(), convolution.shape().imageSize());
                moveImages.point(0, image).point(1, ownImage).point(2, pad).run();
            }
            if (moveResult != null && part != ConvolutionPart.RESULT) {
                seen += fetched(
                        out, convolution.resultStride(), convolution.shape().resultSize());
                moveResult.point(0, out).point(1, ownResult).point(2, pad).run();
            }
            primitive
                    .point(0, ownImage)
                    .point(1, weight)
                    .point(2, ownResult)
                    .point(3, pad)
                    .run();
            if (moveImages != null && part == ConvolutionPart.IMAGES) {
                seen += fetched(
                        image, convolution.imageStride(), convolution.shape().imageSize());
                moveImages.point(0, ownImage).point(1, image).point(2, pad).run();
            }
            if (moveResult != null && part == ConvolutionPart.RESULT) {
                seen += fetched(
                        out, convolution.resultStride(), convolution.shape().resultSize());
                moveResult.point(0, ownResult).point(1, out).point(2, pad).run();
            }
        }
    }

    /**
     * Reads a number of each line of a piece's images, in order, before the library moves them or moves others there. Its moves
     * jump from channel to channel, which no processor foresees: of a forward pass of 4.1 ms, 64 channels to 128, they took 0.5
     * and take 0.3 so.
     */
    private int fetched(long images, int stride, int size) {
        int sum = 0;
        for (int image = 0; image < block; image++) {
            long begin = images + 4L * image * stride;
            for (long at = 0; at < 4L * size; at += LINE) {
                sum += ALL.get(ValueLayout.JAVA_INT, begin + at);
            }
        }
        return sum;
    }

    private final class Operands implements Call {
        private final Workers.Task task = this::run;
        private final List<Slot> slots = new ArrayList<>();
        private final WeightsOrder.Move move;
        private final PartialSums sums;
        private long image;
        private long weight;
        private long out;
        private ScratchPool scratch;

        Operands(int threads, Arena arena) {
            for (int i = 0; i < threads; i++) {
                slots.add(new Slot(arena));
            }
            move = weights == null ? null : weights.move();
            sums = new PartialSums(pieces, weightsBytes / 4);
        }

        @Override
        public void run(
                long imagesAt, long weightsAt, long resultAt, long workspace, Workers workers, ScratchPool pool) {
            image = imagesAt;
            out = resultAt;
            scratch = pool;
            if (sums()) {
                weight = move == null && pieces == 1 ? weightsAt : workspace;
                workers.run(task, pieces);
                sums.run(weight, workers);
                if (move != null) {
                    move.back(weight, weightsAt, workers);
                } else if (pieces > 1) {
                    Patches.copy(weight, weightsAt, convolution.shape().weightsSize());
                }
                return;
            }
            weight = weightsAt;
            if (move != null) {
                weight = workspace;
                move.there(weightsAt, weight, workers);
            }
            workers.run(task, pieces);
        }

        private void run(int piece) {
            int slot = scratch.acquire();
            try {
                slots.get(slot)
                        .run(
                                image + 4L * piece * block * convolution.imageStride(),
                                sums() ? weight + piece * partialBytes() : weight,
                                out + 4L * piece * block * convolution.resultStride(),
                                scratch.address(slot));
            } finally {
                scratch.release(slot);
            }
        }
    }
}
