package org.kolotoc.backend.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The part of oneDNN's C interface that matrix products need, and what its other primitives need too (oneAPI Deep Neural Network Library, Apache-2.0), called
 * through the foreign function interface. Pointers are passed as longs: no call allocates.
 */
@SuppressWarnings("restricted") // native calls are what this class is for
public final class OneDnn {

    /** Which operand of a primitive a memory object stands for. */
    public static final int ARG_SRC = 1;

    public static final int ARG_DST = 17;
    public static final int ARG_WEIGHTS = 33;
    public static final int ARG_SCRATCHPAD = 80;

    private static final int ENGINE_CPU = 1;
    private static final int STREAM_IN_ORDER = 1;
    static final int TYPE_BF16 = 2;
    public static final int TYPE_F32 = 3;
    private static final int TYPE_U8 = 6;
    /** dnnl_cpu_isa_avx512_core_bf16; higher levels hold its bits. */
    private static final int ISA_BF16 = 0xe7;

    private static final int PRECISION_STRICT = 0;
    private static final int SCRATCHPAD_MODE_USER = 1;
    private static final int QUERY_SCRATCHPAD = 136;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final OneDnnLibrary LIBRARY = OneDnnLibrary.find();

    private OneDnn() {}

    /** Whether the library is loaded; if not, {@link #absence} says why, and a warning did if it should be. */
    public static boolean available() {
        return LIBRARY.absence() == null;
    }

    /** Whether the library uses instructions of the processor that multiply bfloat16: its level says so. */
    static boolean multipliesBf16() {
        int level;
        try {
            level = (int) Calls.CPU_ISA.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return (level & ISA_BF16) == ISA_BF16;
    }

    /** Version, instructions that it uses of this processor, and SHA-256 of the library: what its bits depend on. */
    static String build() {
        try {
            long version = (long) Calls.VERSION.invokeExact();
            var numbers = MemorySegment.ofAddress(version).reinterpret(3 * JAVA_INT.byteSize());
            return numbers.getAtIndex(JAVA_INT, 0) + "." + numbers.getAtIndex(JAVA_INT, 1) + "."
                    + numbers.getAtIndex(JAVA_INT, 2) + ", instructions 0x"
                    + Integer.toHexString((int) Calls.CPU_ISA.invokeExact()) + ", SHA-256 " + LIBRARY.digest();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Why the library is not used, or null where it is. */
    public static String absence() {
        return LIBRARY.absence();
    }

    private static MethodHandle handle(
            SymbolLookup symbols, String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                symbols.findOrThrow(name),
                result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments));
    }

    /** A function of the library that returns a status; arguments are numbers and addresses. */
    public static MethodHandle function(String name, MemoryLayout... arguments) {
        return handle(LIBRARY.symbols(), name, JAVA_INT, arguments);
    }

    /**
     * The function of the library that describes primitives of a kind: it takes where the description goes, an engine, how it
     * is computed, and what it is computed of.
     *
     * @param kind as in its name: {@code matmul}, {@code convolution_forward}
     * @param numbers how many numbers say how
     * @param addresses of what follows, the attributes included
     */
    public static MethodHandle describing(String kind, int numbers, int addresses) {
        List<MemoryLayout> arguments = new ArrayList<>(List.of(JAVA_LONG, JAVA_LONG));
        arguments.addAll(Collections.nCopies(numbers, JAVA_INT));
        arguments.addAll(Collections.nCopies(addresses, JAVA_LONG));
        return function("dnnl_" + kind + "_primitive_desc_create", arguments.toArray(MemoryLayout[]::new));
    }

    /** A function of the library that returns something else. */
    public static MethodHandle query(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(LIBRARY.symbols(), name, result, arguments);
    }

    /** What primitives are made for: this processor. */
    public static long engine() {
        return Calls.ENGINE;
    }

    /** The functions; in a class of its own, so that they are looked up only where the library is there. */
    private static final class Calls {
        static final MethodHandle ENGINE_CREATE = status("dnnl_engine_create", JAVA_LONG, JAVA_INT, JAVA_LONG);
        static final MethodHandle STREAM_CREATE = status("dnnl_stream_create", JAVA_LONG, JAVA_LONG, JAVA_INT);
        static final MethodHandle MD_CREATE =
                status("dnnl_memory_desc_create_with_strides", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG);
        static final MethodHandle MD_DESTROY = status("dnnl_memory_desc_destroy", JAVA_LONG);
        static final MethodHandle MD_SIZE =
                handle(LIBRARY.symbols(), "dnnl_memory_desc_get_size", JAVA_LONG, JAVA_LONG);
        static final MethodHandle ATTR_CREATE = status("dnnl_primitive_attr_create", JAVA_LONG);
        static final MethodHandle ATTR_DESTROY = status("dnnl_primitive_attr_destroy", JAVA_LONG);
        static final MethodHandle ATTR_SCRATCHPAD =
                status("dnnl_primitive_attr_set_scratchpad_mode", JAVA_LONG, JAVA_INT);
        static final MethodHandle ATTR_POST_OPS = status("dnnl_primitive_attr_set_post_ops", JAVA_LONG, JAVA_LONG);
        static final MethodHandle POST_OPS_CREATE = status("dnnl_post_ops_create", JAVA_LONG);
        static final MethodHandle POST_OPS_DESTROY = status("dnnl_post_ops_destroy", JAVA_LONG);
        static final MethodHandle POST_OPS_SUM =
                status("dnnl_post_ops_append_sum", JAVA_LONG, JAVA_FLOAT, JAVA_INT, JAVA_INT);
        static final MethodHandle MATMUL_CREATE = describing("matmul", 0, 5);
        static final MethodHandle PD_QUERY_MD =
                handle(LIBRARY.symbols(), "dnnl_primitive_desc_query_md", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT);
        static final MethodHandle PD_DESTROY = status("dnnl_primitive_desc_destroy", JAVA_LONG);
        static final MethodHandle PRIMITIVE_CREATE = status("dnnl_primitive_create", JAVA_LONG, JAVA_LONG);
        static final MethodHandle PRIMITIVE_DESTROY = status("dnnl_primitive_destroy", JAVA_LONG);
        static final MethodHandle MEMORY_CREATE =
                status("dnnl_memory_create", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        static final MethodHandle MEMORY_DESTROY = status("dnnl_memory_destroy", JAVA_LONG);
        // Critical: a few stores, over long before a collector could miss the thread.
        static final MethodHandle MEMORY_SET = LINKER.downcallHandle(
                LIBRARY.symbols().findOrThrow("dnnl_memory_set_data_handle"),
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG),
                Linker.Option.critical(false));
        static final MethodHandle VERSION = handle(LIBRARY.symbols(), "dnnl_version", JAVA_LONG);
        static final MethodHandle CPU_ISA = status("dnnl_get_effective_cpu_isa");
        static final MethodHandle PRECISION = status("dnnl_set_default_fpmath_mode", JAVA_INT);
        static final MethodHandle EXECUTE = status("dnnl_primitive_execute", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);

        static {
            // Whatever ONEDNN_DEFAULT_FPMATH_MODE says: products in single precision are that.
            check("dnnl_set_default_fpmath_mode", () -> (int) PRECISION.invokeExact(PRECISION_STRICT));
        }

        static final long ENGINE =
                make("dnnl_engine_create", out -> (int) ENGINE_CREATE.invokeExact(out, ENGINE_CPU, 0L));
        static final long STREAM =
                make("dnnl_stream_create", out -> (int) STREAM_CREATE.invokeExact(out, ENGINE, STREAM_IN_ORDER));

        private static MethodHandle status(String name, MemoryLayout... arguments) {
            return function(name, arguments);
        }
    }

    /** A call that stores a new handle at the address it is given and returns oneDNN's status. */
    public interface Maker {
        int make(long out) throws Throwable;
    }

    /** A call that returns oneDNN's status. */
    public interface Call {
        int call() throws Throwable;
    }

    public static long make(String name, Maker maker) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            check(name, () -> maker.make(out.address()));
            return out.get(JAVA_LONG, 0);
        }
    }

    public static void check(String name, Call call) {
        int status;
        try {
            status = call.call();
        } catch (Throwable e) {
            throw new IllegalStateException(name + " could not be called", e);
        }
        if (status != 0) {
            throw failed(name, status);
        }
    }

    static IllegalStateException failed(String name, int status) {
        String meaning = switch (status) {
            case 1 -> "out of memory";
            case 2 -> "invalid arguments";
            case 3 -> "not implemented";
            case 5 -> "runtime error";
            default -> "see dnnl_status_t";
        };
        return new IllegalStateException("oneDNN: " + name + " returned " + status + " (" + meaning + ")");
    }

    /** Lets something of the library live as long as an arena. */
    private static long owned(long handle, Arena arena, String destroy, MethodHandle destroyer) {
        try {
            MemorySegment.ofAddress(handle)
                    .reinterpret(arena, _ -> check(destroy, () -> (int) destroyer.invokeExact(handle)));
        } catch (RuntimeException | Error e) {
            check(destroy, () -> (int) destroyer.invokeExact(handle));
            throw e;
        }
        return handle;
    }

    /** Lets the description of an operand live as long as an arena. */
    public static long ownedDescription(long description, Arena arena) {
        return owned(description, arena, "dnnl_memory_desc_destroy", Calls.MD_DESTROY);
    }

    /** Bytes that an operand of this description takes. */
    public static long bytes(long description) {
        try {
            return (long) Calls.MD_SIZE.invokeExact(description);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a primitive description says of one of its operands; it lives as long as that. */
    public static long operand(long primitiveDescription, int which) {
        try {
            return (long) Calls.PD_QUERY_MD.invokeExact(primitiveDescription, which, 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the description of a scratchpad. */
    public static long scratchpadDescription(long bytes, Arena arena) {
        return description(new long[] {bytes}, new long[] {1}, TYPE_U8, arena);
    }

    /** Makes the description of an array of this type, strides in elements, that lives as long as the arena. */
    public static long description(long[] sizes, long[] strides, int type, Arena arena) {
        try (var given = Arena.ofConfined()) {
            long s = given.allocateFrom(JAVA_LONG, sizes).address();
            long t = given.allocateFrom(JAVA_LONG, strides).address();
            long description = make("dnnl_memory_desc_create_with_strides", out ->
                    (int) Calls.MD_CREATE.invokeExact(out, sizes.length, s, type, t));
            return owned(description, arena, "dnnl_memory_desc_destroy", Calls.MD_DESTROY);
        }
    }

    /**
     * A compiled product; threads share it and bring their own arguments.
     *
     * @param handle what {@link #execute} takes
     * @param scratchpadBytes memory that each execution needs for itself, as argument {@link #ARG_SCRATCHPAD}
     */
    public record Primitive(long handle, long scratchpadBytes) {}

    /**
     * Compiles a product for arrays of these descriptions; it lives as long as the arena.
     *
     * @param accumulate whether the product is added to what the destination holds
     * @throws IllegalStateException if the library refuses the descriptions
     */
    static Primitive matmul(long src, long weights, long dst, boolean accumulate, Arena arena) {
        return compiled(accumulate, arena, (out, attr) ->
                (int) Calls.MATMUL_CREATE.invokeExact(out, Calls.ENGINE, src, weights, 0L, dst, attr));
    }

    /** A call that stores a new primitive description, with attributes, at the address it is given. */
    public interface Describer {
        int describe(long out, long attributes) throws Throwable;
    }

    /**
     * Compiles what is described; it lives as long as the arena.
     *
     * @throws IllegalStateException if the library refuses
     */
    public static Primitive compiled(Arena arena, Describer describer) {
        return compiled(false, arena, describer);
    }

    private static Primitive compiled(boolean accumulate, Arena arena, Describer describer) {
        long attr = make("dnnl_primitive_attr_create", out -> (int) Calls.ATTR_CREATE.invokeExact(out));
        try {
            check("dnnl_primitive_attr_set_scratchpad_mode", () ->
                    (int) Calls.ATTR_SCRATCHPAD.invokeExact(attr, SCRATCHPAD_MODE_USER));
            if (accumulate) {
                appendSum(attr);
            }
            long pd = make("primitive description", out -> describer.describe(out, attr));
            try {
                long handle = make("dnnl_primitive_create", out -> (int) Calls.PRIMITIVE_CREATE.invokeExact(out, pd));
                owned(handle, arena, "dnnl_primitive_destroy", Calls.PRIMITIVE_DESTROY);
                return new Primitive(handle, scratchpadBytes(pd));
            } finally {
                destroyDescription(pd);
            }
        } finally {
            check("dnnl_primitive_attr_destroy", () -> (int) Calls.ATTR_DESTROY.invokeExact(attr));
        }
    }

    /** Frees the description of a primitive. */
    public static void destroyDescription(long primitiveDescription) {
        check("dnnl_primitive_desc_destroy", () -> (int) Calls.PD_DESTROY.invokeExact(primitiveDescription));
    }

    /** Makes an operand of the given description that points nowhere yet and lives as long as the arena. */
    public static long memory(long description, Arena arena) {
        long memory = make(
                "dnnl_memory_create", out -> (int) Calls.MEMORY_CREATE.invokeExact(out, description, Calls.ENGINE, 0L));
        return owned(memory, arena, "dnnl_memory_destroy", Calls.MEMORY_DESTROY);
    }

    /** Points an operand to this address. */
    public static void point(long memory, long address) {
        int status;
        try {
            status = (int) Calls.MEMORY_SET.invokeExact(memory, address);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (status != 0) {
            throw failed("dnnl_memory_set_data_handle", status);
        }
    }

    /**
     * Runs a compiled product on the calling thread and returns when it is done.
     *
     * @param arguments address of {@code count} entries {int operand; long memory}, 16 bytes each
     */
    public static void execute(long primitive, int count, long arguments) {
        int status;
        try {
            status = (int) Calls.EXECUTE.invokeExact(primitive, Calls.STREAM, count, arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (status != 0) {
            throw failed("dnnl_primitive_execute", status);
        }
    }

    private static void appendSum(long attr) {
        long ops = make("dnnl_post_ops_create", out -> (int) Calls.POST_OPS_CREATE.invokeExact(out));
        try {
            check("dnnl_post_ops_append_sum", () -> (int) Calls.POST_OPS_SUM.invokeExact(ops, 1f, 0, TYPE_F32));
            check("dnnl_primitive_attr_set_post_ops", () -> (int) Calls.ATTR_POST_OPS.invokeExact(attr, ops));
        } finally {
            check("dnnl_post_ops_destroy", () -> (int) Calls.POST_OPS_DESTROY.invokeExact(ops));
        }
    }

    private static long scratchpadBytes(long primitiveDescription) {
        return bytes(operand(primitiveDescription, QUERY_SCRATCHPAD));
    }
}
