package org.kolotoc.backend.cpu.convolution;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.kolotoc.backend.cpu.gemm.Epilogue;
import org.kolotoc.backend.cpu.gemm.Gemm;
import org.kolotoc.backend.cpu.gemm.MatmulShape;
import org.kolotoc.backend.cpu.gemm.Strides;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.ConvolutionShape;
import org.kolotoc.compiler.Launch.ConvolutionPart;

/**
 * Convolution as products with {@link Patches} of so many windows as fit near the processor, on whatever multiplies matrices
 * here. The patches of an image are never all there at once; where a window is one element, the image itself is the matrix.
 */
final class PatchConvolver implements Convolver {
    /** Floats of a matrix of patches, about. */
    private static final int TILE = 1 << 16;
    /** The same where nothing is copied before it is multiplied. */
    private static final int POINTWISE_TILE = 1 << 17;
    /** Fewer windows at a time are slow to multiply. */
    private static final int FEWEST = 16;

    private final Convolution convolution;
    private final Patches patches;
    private final boolean pointwise;
    /** Windows that are multiplied at a time. */
    private final int tile;

    private final int tiles;
    /** Parts of the batch, where gradients of weights are added up. */
    private final int parts;
    /** For as many windows as a tile has, and for what is left in the last. */
    private final Gemm whole;

    private final Gemm rest;

    PatchConvolver(Convolution convolution, Arena arena) {
        ConvolutionShape s = convolution.shape();
        this.convolution = convolution;
        this.patches = new Patches(s);
        this.pointwise = s.isPointwise();
        int near = pointwise ? POINTWISE_TILE : TILE;
        int fitting = Math.max(FEWEST, near / s.filterSize() / FEWEST * FEWEST);
        this.tile = Math.min(s.positions(), fitting);
        this.tiles = Math.ceilDiv(s.positions(), tile);
        this.parts = PartialSums.parts(s.batch(), 4L * s.weightsSize());
        this.whole = Gemm.whole(product(tile), arena);
        this.rest = Gemm.whole(product(s.positions() - (tiles - 1) * tile), arena);
    }

    private MatmulShape product(int windows) {
        ConvolutionShape s = convolution.shape();
        int filters = s.groupFilters();
        int places = s.filterSize();
        Strides weights = Strides.rowMajor(places);
        Strides patch = Strides.rowMajor(pointwise ? s.positions() : windows);
        Strides result = Strides.rowMajor(s.positions());
        return switch (convolution.part()) {
            case RESULT -> product(filters, windows, places, weights, patch, result, false);
            case IMAGES -> product(places, windows, filters, weights.transposed(), result, patch, false);
            case WEIGHTS -> product(filters, places, windows, result, patch.transposed(), weights, true);
        };
    }

    private static MatmulShape product(int m, int n, int k, Strides a, Strides b, Strides c, boolean accumulate) {
        return new MatmulShape(m, n, k, 1, 1, a, b, c, accumulate, Epilogue.NONE);
    }

    @Override
    public long scratchBytes() {
        return pointwise ? 0 : 4L * tile * convolution.shape().filterSize();
    }

    @Override
    public long workspaceBytes() {
        return switch (convolution.part()) {
            case RESULT, IMAGES -> 0;
            case WEIGHTS -> 4L * parts * PartialSums.stride(convolution.shape().weightsSize());
        };
    }

    @Override
    public long callBytes(int threads) {
        return threads * (whole.callBytes() + rest.callBytes());
    }

    @Override
    public Call call(int threads, Arena arena) {
        return new Operands(threads, arena);
    }

    private final class Operands implements Call {
        private final Workers.Task task = this::run;
        private final List<Gemm.Call> wholes = new ArrayList<>();
        private final List<Gemm.Call> rests = new ArrayList<>();
        private final PartialSums sums;
        private final int pieces;
        private long images;
        private long weights;
        private long result;
        private long partial;
        private Workers workers;
        private ScratchPool scratch;

        Operands(int threads, Arena arena) {
            ConvolutionShape s = convolution.shape();
            for (int i = 0; i < threads; i++) {
                wholes.add(whole.call(arena));
                rests.add(rest.call(arena));
            }
            sums = new PartialSums(parts, s.weightsSize());
            pieces = switch (convolution.part()) {
                case RESULT -> Math.multiplyExact(s.batch(), tiles);
                case IMAGES -> s.batch();
                case WEIGHTS -> parts;
            };
        }

        @Override
        public void run(long images, long weights, long result, long workspace, Workers workers, ScratchPool scratch) {
            this.images = images;
            this.weights = weights;
            this.result = result;
            this.partial = workspace;
            this.workers = workers;
            this.scratch = scratch;
            workers.run(task, pieces);
            if (convolution.part() == ConvolutionPart.WEIGHTS) {
                sums.run(partial, workers);
                Patches.copy(partial, weights, convolution.shape().weightsSize());
            }
        }

        private void run(int piece) {
            int slot = scratch.acquire();
            try {
                switch (convolution.part()) {
                    case RESULT -> convolve(piece / tiles, piece % tiles, slot);
                    case IMAGES -> spread(piece, slot);
                    case WEIGHTS -> correlate(piece, slot);
                }
            } finally {
                scratch.release(slot);
            }
        }

        private void convolve(int image, int number, int slot) {
            ConvolutionShape s = convolution.shape();
            for (int group = 0; group < s.groups(); group++) {
                long patch = gathered(image, group, number, slot);
                product(number, slot).run(weights(weights, group), patch, result(image, group, number), workers);
            }
        }

        private void spread(int image, int slot) {
            ConvolutionShape s = convolution.shape();
            if (!pointwise) {
                Patches.clear(image(image, 0), s.imageSize());
            }
            for (int group = 0; group < s.groups(); group++) {
                for (int number = 0; number < tiles; number++) {
                    long patch = pointwise ? inPlace(image, group, number) : scratch.address(slot);
                    product(number, slot).run(weights(weights, group), result(image, group, number), patch, workers);
                    if (!pointwise) {
                        patches.add(image(image, group), number * tile, windows(number), patch);
                    }
                }
            }
        }

        /** Where the matrix of what windows see is. */
        private long gathered(int image, int group, int number, int slot) {
            if (pointwise) {
                return inPlace(image, group, number);
            }
            patches.gather(image(image, group), number * tile, windows(number), scratch.address(slot));
            return scratch.address(slot);
        }

        private long inPlace(int image, int group, int number) {
            return image(image, group) + 4L * number * tile;
        }

        private void correlate(int part, int slot) {
            ConvolutionShape s = convolution.shape();
            long sum = partial + 4 * part * PartialSums.stride(s.weightsSize());
            Patches.clear(sum, s.weightsSize());
            int limit = (int) ((part + 1L) * s.batch() / parts);
            for (int image = (int) ((long) part * s.batch() / parts); image < limit; image++) {
                for (int group = 0; group < s.groups(); group++) {
                    for (int number = 0; number < tiles; number++) {
                        long patch = gathered(image, group, number, slot);
                        product(number, slot).run(result(image, group, number), patch, weights(sum, group), workers);
                    }
                }
            }
        }

        private Gemm.Call product(int number, int slot) {
            return (number == tiles - 1 ? rests : wholes).get(slot);
        }

        private int windows(int number) {
            return Math.min(tile, convolution.shape().positions() - number * tile);
        }

        private long image(int image, int group) {
            ConvolutionShape s = convolution.shape();
            long channel = (long) group * s.groupChannels();
            return images + 4 * ((long) image * convolution.imageStride() + channel * s.height() * s.width());
        }

        private long weights(long address, int group) {
            ConvolutionShape s = convolution.shape();
            return address + 4L * group * s.groupFilters() * s.filterSize();
        }

        private long result(int image, int group, int number) {
            ConvolutionShape s = convolution.shape();
            long filter = (long) group * s.groupFilters();
            return result
                    + 4 * ((long) image * convolution.resultStride() + filter * s.positions() + (long) number * tile);
        }
    }
}
