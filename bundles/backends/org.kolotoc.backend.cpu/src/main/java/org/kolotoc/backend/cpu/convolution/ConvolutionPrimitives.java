package org.kolotoc.backend.cpu.convolution;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.kolotoc.backend.cpu.gemm.OneDnn;
import org.kolotoc.compiler.ConvolutionShape;
import org.kolotoc.compiler.Launch.ConvolutionPart;
import org.kolotoc.tensor.Window2d;

/** The part of oneDNN's C interface that convolutions need beside {@link OneDnn}. */
@SuppressWarnings("restricted") // native calls are what this class is for
final class ConvolutionPrimitives {
    private static final int FORWARD_TRAINING = 64;
    private static final int FORWARD_INFERENCE = 96;
    private static final int DIRECT = 1;
    private static final int ANY_LAYOUT = 1;
    private static final long NO_BIAS = 0;
    private static final int QUERY_IMPLEMENTATION = 8;
    private static final int QUERY_SRC = 129;
    private static final int QUERY_DIFF_SRC = 130;
    private static final int QUERY_WEIGHTS = 131;
    private static final int QUERY_DIFF_WEIGHTS = 132;
    private static final int QUERY_DST = 133;
    private static final int QUERY_DIFF_DST = 134;
    private static final int ARG_DIFF_SRC = 129;
    private static final int ARG_DIFF_DST = 145;
    private static final int ARG_DIFF_WEIGHTS = 161;

    private ConvolutionPrimitives() {}

    /** The functions; looked up only where the library is there. */
    private static final class Calls {
        static final MethodHandle FORWARD = OneDnn.describing("convolution_forward", 2, 9);
        static final MethodHandle BACKWARD_DATA = OneDnn.describing("convolution_backward_data", 1, 9);
        static final MethodHandle BACKWARD_WEIGHTS = OneDnn.describing("convolution_backward_weights", 1, 10);
        static final MethodHandle REORDER = OneDnn.describing("reorder", 0, 4);
        static final MethodHandle WITH_LAYOUT =
                OneDnn.function("dnnl_memory_desc_create_with_tag", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
        static final MethodHandle CLONE = OneDnn.function("dnnl_memory_desc_clone", JAVA_LONG, JAVA_LONG);
        static final MethodHandle EQUAL = OneDnn.function("dnnl_memory_desc_equal", JAVA_LONG, JAVA_LONG);
        static final MethodHandle QUERY =
                OneDnn.function("dnnl_primitive_desc_query", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    }

    /**
     * A compiled part of a convolution and how it wants its operands to lie, each with the number of its argument.
     *
     * @param images description, as are the others
     */
    record Compiled(
            OneDnn.Primitive primitive,
            long images,
            int imagesArgument,
            long weights,
            int weightsArgument,
            long result,
            int resultArgument) {}

    /**
     * Compiles a part for so many images, operands in the layouts that the library likes best; it lives as long as the arena.
     *
     * @return nothing where the library has no way but its reference, or none
     */
    static Optional<Compiled> compile(ConvolutionPart part, ConvolutionShape s, int batch, Arena arena) {
        try (Arena given = Arena.ofConfined()) {
            Window2d.Axis v = s.window().vertical();
            Window2d.Axis h = s.window().horizontal();
            // Left to itself the library takes blocks of channels here, with which it is an eighth slower.
            boolean channelsLast = part == ConvolutionPart.IMAGES && v.stride() * h.stride() > 1 && s.groups() == 1;
            long images = channelsLast
                    ? channelsLast(given, batch, s.channels(), s.height(), s.width())
                    : any(given, batch, s.channels(), s.height(), s.width());
            long weights = s.groups() == 1
                    ? any(given, s.filters(), s.channels(), s.down(), s.across())
                    : any(given, s.groups(), s.groupFilters(), s.groupChannels(), s.down(), s.across());
            long result = channelsLast
                    ? channelsLast(given, batch, s.filters(), s.rows(), s.columns())
                    : any(given, batch, s.filters(), s.rows(), s.columns());
            Operands of = new Operands(
                    images,
                    weights,
                    result,
                    numbers(given, v.stride(), h.stride()),
                    numbers(given, v.dilation() - 1, h.dilation() - 1),
                    numbers(given, v.low(), h.low()),
                    numbers(given, v.high(), h.high()));
            if (part == ConvolutionPart.RESULT) {
                return compiled(part, (out, attr) -> of.forward(out, FORWARD_INFERENCE, attr), arena);
            }
            // The library wants to know which forward pass a backward one belongs to.
            long hint = OneDnn.make(
                    "dnnl_convolution_forward_primitive_desc_create", out -> of.forward(out, FORWARD_TRAINING, 0L));
            try {
                return compiled(
                        part,
                        part == ConvolutionPart.IMAGES
                                ? (out, attr) -> of.backwardData(out, hint, attr)
                                : (out, attr) -> of.backwardWeights(out, hint, attr),
                        arena);
            } finally {
                OneDnn.destroyDescription(hint);
            }
        }
    }

    /** What a convolution is described by: descriptions of its operands, and pairs of numbers, down and across. */
    private record Operands(long images, long weights, long result, long strides, long dilations, long low, long high) {
        int forward(long out, int kind, long attr) throws Throwable {
            return (int) Calls.FORWARD.invokeExact(
                    out,
                    OneDnn.engine(),
                    kind,
                    DIRECT,
                    images,
                    weights,
                    NO_BIAS,
                    result,
                    strides,
                    dilations,
                    low,
                    high,
                    attr);
        }

        int backwardData(long out, long hint, long attr) throws Throwable {
            return (int) Calls.BACKWARD_DATA.invokeExact(
                    out, OneDnn.engine(), DIRECT, images, weights, result, strides, dilations, low, high, hint, attr);
        }

        int backwardWeights(long out, long hint, long attr) throws Throwable {
            return (int) Calls.BACKWARD_WEIGHTS.invokeExact(
                    out,
                    OneDnn.engine(),
                    DIRECT,
                    images,
                    weights,
                    NO_BIAS,
                    result,
                    strides,
                    dilations,
                    low,
                    high,
                    hint,
                    attr);
        }
    }

    private static Optional<Compiled> compiled(ConvolutionPart part, OneDnn.Describer describer, Arena arena) {
        long[] descriptions = new long[3];
        String[] implementation = new String[1];
        OneDnn.Primitive primitive = OneDnn.compiled(arena, (out, attr) -> {
            int status = describer.describe(out, attr);
            if (status == 0) {
                long pd = MemorySegment.ofAddress(out)
                        .reinterpret(JAVA_LONG.byteSize())
                        .get(JAVA_LONG, 0);
                implementation[0] = implementation(pd);
                int[] queries = queries(part);
                for (int i = 0; i < queries.length; i++) {
                    descriptions[i] = cloned(OneDnn.operand(pd, queries[i]), arena);
                }
            }
            return status;
        });
        if (implementation[0].startsWith("ref")) {
            return Optional.empty();
        }
        int images = part == ConvolutionPart.IMAGES ? ARG_DIFF_SRC : OneDnn.ARG_SRC;
        int weights = part == ConvolutionPart.WEIGHTS ? ARG_DIFF_WEIGHTS : OneDnn.ARG_WEIGHTS;
        int result = part == ConvolutionPart.RESULT ? OneDnn.ARG_DST : ARG_DIFF_DST;
        return Optional.of(
                new Compiled(primitive, descriptions[0], images, descriptions[1], weights, descriptions[2], result));
    }

    /** What to ask for the layouts of images, weights and result. */
    private static int[] queries(ConvolutionPart part) {
        return switch (part) {
            case RESULT -> new int[] {QUERY_SRC, QUERY_WEIGHTS, QUERY_DST};
            case IMAGES -> new int[] {QUERY_DIFF_SRC, QUERY_WEIGHTS, QUERY_DIFF_DST};
            case WEIGHTS -> new int[] {QUERY_SRC, QUERY_DIFF_WEIGHTS, QUERY_DIFF_DST};
        };
    }

    private static long any(Arena arena, long... sizes) {
        long dimensions = numbers(arena, sizes);
        long description = OneDnn.make("dnnl_memory_desc_create_with_tag", out ->
                (int) Calls.WITH_LAYOUT.invokeExact(out, sizes.length, dimensions, OneDnn.TYPE_F32, ANY_LAYOUT));
        return OneDnn.ownedDescription(description, arena);
    }

    private static long channelsLast(Arena arena, int batch, int channels, int rows, int columns) {
        long row = (long) columns * channels;
        return OneDnn.description(
                new long[] {batch, channels, rows, columns},
                new long[] {rows * row, 1, row, channels},
                OneDnn.TYPE_F32,
                arena);
    }

    private static long cloned(long description, Arena arena) {
        long clone = OneDnn.make("dnnl_memory_desc_clone", out -> (int) Calls.CLONE.invokeExact(out, description));
        return OneDnn.ownedDescription(clone, arena);
    }

    private static long numbers(Arena arena, long... numbers) {
        return arena.allocateFrom(JAVA_LONG, numbers).address();
    }

    private static String implementation(long primitiveDescription) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            OneDnn.check("dnnl_primitive_desc_query", () ->
                    (int) Calls.QUERY.invokeExact(primitiveDescription, QUERY_IMPLEMENTATION, 0, out.address()));
            return MemorySegment.ofAddress(out.get(JAVA_LONG, 0))
                    .reinterpret(256)
                    .getString(0);
        }
    }

    /** Whether operands lie in the same way. */
    static boolean same(long one, long other) {
        try {
            return (int) Calls.EQUAL.invokeExact(one, other) != 0;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compiles what moves an operand from one layout to another. */
    static OneDnn.Primitive reorder(long from, long to, Arena arena) {
        return OneDnn.compiled(arena, (out, attr) ->
                (int) Calls.REORDER.invokeExact(out, from, OneDnn.engine(), to, OneDnn.engine(), attr));
    }
}
