package org.kolotoc.launcher.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.IntToLongFunction;
import uk.ac.manchester.tornado.api.common.LibraryTaskDescriptor;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryContext;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryInvocation;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoLibraryProvider;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoNativeStreamSupport;

/**
 * Matrix products by cuBLAS on parts of arrays; TornadoVM's own binding takes whole arrays only. A task's tuning says by
 * names what to multiply, see {@code LibraryProduct} of the backend.
 */
public final class CublasProducts implements TornadoLibraryProvider {
    private static final int AS_IT_IS = 0;
    private static final int TRANSPOSED = 1;
    private static final int FLOATS = 0;
    /** {@code CUBLAS_COMPUTE_32F}: products and sums of floats. */
    private static final int IN_FLOATS = 68;
    /** {@code CUBLAS_COMPUTE_32F_FAST_16BF}: operands rounded to bf16 for the tensor cores, sums in floats. */
    private static final int IN_BF16 = 75;
    /** {@code CUBLAS_COMPUTE_32F_FAST_TF32}: likewise to TF32. */
    private static final int IN_TF32 = 77;

    private static final int DEFAULT_ALGORITHM = -1;

    private static final MemorySegment ZERO = Arena.global().allocateFrom(JAVA_FLOAT, 0f);
    private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_FLOAT, 1f);

    private Cublas library;

    /** The service; the library is loaded when it is first needed. */
    public CublasProducts() {}

    CublasProducts(Cublas library) {
        this.library = library;
    }

    /** The library as one plan uses it. */
    private static final class Context implements LibraryContext {
        private final MemorySegment handle;
        private final MemorySegment device;
        private long workspace;

        Context(MemorySegment handle, MemorySegment device) {
            this.handle = handle;
            this.device = device;
        }
    }

    /** A call that gives an error code. */
    @FunctionalInterface
    private interface Call {
        int invoke() throws Throwable;
    }

    @Override
    public String libraryName() {
        return "kolotoc/cublas";
    }

    @Override
    public boolean canHandle(TornadoXPUDevice device) {
        return device instanceof TornadoNativeStreamSupport;
    }

    private synchronized Cublas library() {
        if (library == null) {
            library = Cublas.load();
        }
        return library;
    }

    @Override
    public LibraryContext createContext(TornadoXPUDevice device, long plan) {
        TornadoNativeStreamSupport support = (TornadoNativeStreamSupport) device;
        MemorySegment context = MemorySegment.ofAddress(support.getNativeContext(plan));
        check("cuCtxSetCurrent", () -> (int) library().setContext().invokeExact(context));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            check("cublasCreate", () -> (int) library().create().invokeExact(pointer));
            MemorySegment handle = pointer.get(ADDRESS, 0);
            MemorySegment stream = MemorySegment.ofAddress(support.getNativeStream(plan));
            check("cublasSetStream", () -> (int) library().setStream().invokeExact(handle, stream));
            return new Context(handle, context);
        }
    }

    /** Takes memory now: while a graph is being recorded nobody may. */
    @Override
    public void prepare(LibraryTaskDescriptor descriptor, LibraryContext kept) {
        Context context = (Context) kept;
        if (context.workspace != 0) {
            return;
        }
        long bytes = call(descriptor.getTuning()).get("workspace");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(JAVA_LONG);
            check("cuMemAlloc", () -> (int) library().allocate().invokeExact(pointer, bytes));
            context.workspace = pointer.get(JAVA_LONG, 0);
            MemorySegment memory = MemorySegment.ofAddress(context.workspace);
            check("cublasSetWorkspace", () ->
                    (int) library().setWorkspace().invokeExact(context.handle, memory, bytes));
        }
    }

    @Override
    public void dispatch(String function, LibraryInvocation invocation) {
        multiply(
                ((Context) invocation.getContext()).handle, call(invocation.getTuning()), invocation::getDevicePointer);
    }

    /**
     * The library counts columns first: for it our rows are columns, and the product of transposed matrices is b times a.
     * It takes one axis of batches; the shorter of two is done one after the other.
     *
     * @param pointers where the arrays of the call lie
     */
    void multiply(MemorySegment handle, Map<String, Integer> call, IntToLongFunction pointers) {
        boolean outerAtOnce = call.get("outer") > call.get("inner");
        String atOnce = outerAtOnce ? "outer" : "inner";
        String inTurn = outerAtOnce ? "inner" : "outer";
        MemorySegment beta = call.get("accumulate") == 1 ? ONE : ZERO;
        int computation = computation(call.get("dropped"));
        for (int i = 0; i < call.get(inTurn); i++) {
            MemorySegment a = place(pointers, call, "a", inTurn, i);
            MemorySegment b = place(pointers, call, "b", inTurn, i);
            MemorySegment c = place(pointers, call, "c", inTurn, i);
            check("cublasGemmStridedBatchedEx", () -> (int) library()
                    .product()
                    .invokeExact(
                            handle,
                            operation(call, "b"),
                            operation(call, "a"),
                            (int) call.get("n"),
                            (int) call.get("m"),
                            (int) call.get("k"),
                            ONE,
                            b,
                            FLOATS,
                            (int) call.get("b.line"),
                            (long) call.get("b." + atOnce),
                            a,
                            FLOATS,
                            (int) call.get("a.line"),
                            (long) call.get("a." + atOnce),
                            beta,
                            c,
                            FLOATS,
                            (int) call.get("c.line"),
                            (long) call.get("c." + atOnce),
                            (int) call.get(atOnce),
                            computation,
                            DEFAULT_ALGORITHM));
        }
    }

    private static int operation(Map<String, Integer> call, String matrix) {
        return call.get(matrix + ".transposed") == 1 ? TRANSPOSED : AS_IT_IS;
    }

    private static MemorySegment place(
            IntToLongFunction pointers, Map<String, Integer> call, String matrix, String inTurn, int turn) {
        long first = call.get(matrix + ".offset") + (long) turn * call.get(matrix + "." + inTurn);
        return MemorySegment.ofAddress(pointers.applyAsLong(call.get(matrix)) + JAVA_FLOAT.byteSize() * first);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Integer> call(Object tuning) {
        return (Map<String, Integer>) tuning;
    }

    @Override
    public void destroyContext(LibraryContext kept) {
        Context context = (Context) kept;
        check("cuCtxSetCurrent", () -> (int) library().setContext().invokeExact(context.device));
        check("cublasDestroy", () -> (int) library().destroy().invokeExact(context.handle));
        if (context.workspace != 0) {
            check("cuMemFree", () -> (int) library().free().invokeExact(context.workspace));
        }
    }

    private static void check(String function, Call call) {
        int error;
        try {
            error = call.invoke();
        } catch (Throwable e) {
            throw new IllegalStateException(function + " can't be called: " + e, e);
        }
        if (error != 0) {
            throw new IllegalStateException(function + " gives error " + error);
        }
    }

    /** @param dropped bits of each operand that are rounded away */
    private static int computation(int dropped) {
        return switch (dropped) {
            case 0 -> IN_FLOATS;
            case 13 -> IN_TF32;
            case 16 -> IN_BF16;
            default -> throw new IllegalArgumentException("no product without " + dropped + " bits of its operands");
        };
    }
}
