package org.kolotoc.backend.tornado.graphs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * NVIDIA's driver, asked by its C interface beside TornadoVM, which prints what the driver refuses and goes on (CUDA, PTX). To
 * be used on the {@link DeviceThread}, whose context is TornadoVM's.
 */
@SuppressWarnings("restricted")
final class NvidiaDriver {
    private static final String LIBRARY = "libcuda.so.1";
    private static final int DONE = 0;
    /** Not initialized, deinitialized, invalid context. */
    private static final List<Integer> WITHOUT_CONTEXT = List.of(3, 4, 201);

    private static final int MAJOR_CAPABILITY = 75;
    private static final int MEMORY_TYPE = 2;
    /** For all contexts of the process, as TornadoVM does it. */
    private static final int PORTABLE = 1;

    private final MethodHandle errorName;
    private final MethodHandle synchronize;
    private final MethodHandle currentDevice;
    private final MethodHandle memory;
    private final MethodHandle attribute;
    private final MethodHandle pointer;
    private final MethodHandle pin;
    private final MethodHandle load;
    private final MethodHandle unload;

    /** A call of the driver, which gives the number of an error. */
    @FunctionalInterface
    private interface Call {
        int invoke() throws Throwable;
    }

    private NvidiaDriver(SymbolLookup library) {
        errorName = function(library, "cuGetErrorName", JAVA_INT, ADDRESS);
        synchronize = function(library, "cuCtxSynchronize");
        currentDevice = function(library, "cuCtxGetDevice", ADDRESS);
        memory = function(library, "cuMemGetInfo_v2", ADDRESS, ADDRESS);
        attribute = function(library, "cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
        pointer = function(library, "cuPointerGetAttribute", ADDRESS, JAVA_INT, JAVA_LONG);
        pin = function(library, "cuMemHostRegister_v2", ADDRESS, JAVA_LONG, JAVA_INT);
        load = function(library, "cuModuleLoadData", ADDRESS, ADDRESS);
        unload = function(library, "cuModuleUnload", ADDRESS);
    }

    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** The driver of this process; nothing where there is none. */
    static Optional<NvidiaDriver> find() {
        try {
            return Optional.of(new NvidiaDriver(SymbolLookup.libraryLookup(LIBRARY, Arena.global())));
        } catch (IllegalArgumentException | NoSuchElementException _) {
            return Optional.empty();
        }
    }

    private static int call(Call call) {
        try {
            return call.invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("NVIDIA's driver can't be called: " + e, e);
        }
    }

    /** {@code CUDA_ERROR_OUT_OF_MEMORY}; the number where the driver has no name for it. */
    String name(int error) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(ADDRESS);
            int unknown = call(() -> (int) errorName.invokeExact(error, name));
            MemorySegment text = name.get(ADDRESS, 0);
            return unknown != DONE || text.equals(MemorySegment.NULL)
                    ? "error " + error
                    : text.reinterpret(Byte.MAX_VALUE).getString(0);
        }
    }

    private Optional<String> refused(int error) {
        return error == DONE ? Optional.empty() : Optional.of(name(error));
    }

    /**
     * Waits until all is done; the name of the error that the device had meanwhile. A lost one has it from then on. A thread
     * without a context, which is no fault of a device, hears nothing.
     */
    Optional<String> fault() {
        int error = call(() -> (int) synchronize.invokeExact());
        return WITHOUT_CONTEXT.contains(error) ? Optional.empty() : refused(error);
    }

    /**
     * Bytes that nobody has at the moment; nothing where the thread's context is of another device.
     *
     * @param device number of the device
     */
    OptionalLong free(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment current = arena.allocate(JAVA_INT);
            MemorySegment free = arena.allocate(JAVA_LONG);
            MemorySegment total = arena.allocate(JAVA_LONG);
            return call(() -> (int) currentDevice.invokeExact(current)) == DONE
                            && current.get(JAVA_INT, 0) == device
                            && call(() -> (int) memory.invokeExact(free, total)) == DONE
                    ? OptionalLong.of(free.get(JAVA_LONG, 0))
                    : OptionalLong.empty();
        }
    }

    /** The first number of a device's compute capability: 9 of 9.0. */
    int capability(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            return call(() -> (int) attribute.invokeExact(value, MAJOR_CAPABILITY, device)) == DONE
                    ? value.get(JAVA_INT, 0)
                    : 0;
        }
    }

    /** Sees that memory of the host is pinned; the name of the error where it can't be. */
    Optional<String> pinned(MemorySegment host) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment type = arena.allocate(JAVA_INT);
            return call(() -> (int) pointer.invokeExact(type, MEMORY_TYPE, host.address())) == DONE
                    ? Optional.empty()
                    : refused(call(() -> (int) pin.invokeExact(host, host.byteSize(), PORTABLE)));
        }
    }

    /** Loads PTX; the name of the error where the driver does not take it. */
    Optional<String> refuses(String ptx) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment module = arena.allocate(ADDRESS);
            int error = call(() -> (int) load.invokeExact(module, arena.allocateFrom(ptx)));
            if (error == DONE) {
                call(() -> (int) unload.invokeExact(module.get(ADDRESS, 0)));
            }
            return refused(error);
        }
    }
}
