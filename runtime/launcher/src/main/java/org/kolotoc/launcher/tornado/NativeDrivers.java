package org.kolotoc.launcher.tornado;

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
import java.nio.file.Path;
import java.util.NoSuchElementException;

/** Asks the drivers by their own C functions. */
@SuppressWarnings("restricted")
final class NativeDrivers implements Drivers {
    private static final String OPENCL_ON_MAC = "/System/Library/Frameworks/OpenCL.framework/OpenCL";
    private static final long ALL_TYPES = 0xFFFFFFFFL;
    private static final long GPU = 1L << 2;
    private static final int TYPE = 0x1000;
    private static final int MEMORY = 0x101F;
    private static final int STUB = 34;
    private static final int MISMATCH = 803;
    private static final int NOT_COMPATIBLE = 804;

    private final Linker linker = Linker.nativeLinker();

    @Override
    public Answer ask(BackEnd backEnd) {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        String name = backEnd == BackEnd.OPENCL && mac ? OPENCL_ON_MAC : backEnd.driver();
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library;
            try {
                // For good: drivers start threads, and do not like to be unloaded.
                library = SymbolLookup.libraryLookup(name, Arena.global());
            } catch (IllegalArgumentException _) {
                return Answer.no(name + " not found");
            }
            return backEnd == BackEnd.OPENCL ? opencl(name, library, arena) : cuda(name, library, arena);
        } catch (Throwable e) {
            return Answer.no(name + " does not answer: " + e);
        }
    }

    @Override
    public String load(Path library) {
        try {
            System.load(library.toString());
            return "";
        } catch (UnsatisfiedLinkError e) {
            return e.getMessage();
        }
    }

    @Override
    public String findCublas() {
        try {
            Cublas.load();
            return "";
        } catch (IllegalArgumentException | NoSuchElementException e) {
            return e.getMessage();
        }
    }

    private Answer opencl(String name, SymbolLookup library, Arena arena) throws Throwable {
        MethodHandle platformIds = function(library, "clGetPlatformIDs", JAVA_INT, ADDRESS, ADDRESS);
        MethodHandle deviceIds = function(library, "clGetDeviceIDs", ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
        MethodHandle info = function(library, "clGetDeviceInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
        MemorySegment number = arena.allocate(JAVA_INT);
        MemorySegment value = arena.allocate(JAVA_LONG);
        int error = (int) platformIds.invokeExact(0, MemorySegment.NULL, number);
        int platforms = error == 0 ? number.get(JAVA_INT, 0) : 0;
        MemorySegment list = arena.allocate(ADDRESS, Math.max(1, platforms));
        if (platforms > 0) {
            error = (int) platformIds.invokeExact(platforms, list, MemorySegment.NULL);
        }
        int found = 0;
        boolean gpu = false;
        long memory = 0;
        for (int p = 0; p < platforms; p++) {
            MemorySegment platform = list.getAtIndex(ADDRESS, p);
            number.set(JAVA_INT, 0, 0);
            error = (int) deviceIds.invokeExact(platform, ALL_TYPES, 0, MemorySegment.NULL, number);
            int devices = error == 0 ? number.get(JAVA_INT, 0) : 0;
            MemorySegment ids = arena.allocate(ADDRESS, Math.max(1, devices));
            if (devices > 0) {
                error = (int) deviceIds.invokeExact(platform, ALL_TYPES, devices, ids, MemorySegment.NULL);
            }
            for (int d = 0; d < devices; d++) {
                MemorySegment device = ids.getAtIndex(ADDRESS, d);
                error = (int) info.invokeExact(device, TYPE, JAVA_LONG.byteSize(), value, MemorySegment.NULL);
                gpu |= error == 0 && (value.get(JAVA_LONG, 0) & GPU) != 0;
                error = (int) info.invokeExact(device, MEMORY, JAVA_LONG.byteSize(), value, MemorySegment.NULL);
                memory = error == 0 ? Math.max(memory, value.get(JAVA_LONG, 0)) : memory;
            }
            found += devices;
        }
        return found > 0
                ? new Answer("", gpu, memory)
                : Answer.no(name + " knows no " + (platforms == 0 ? "platform" : "device")
                        + "; install the device's driver, or PoCL for the processor (pocl-opencl-icd)");
    }

    private Answer cuda(String name, SymbolLookup library, Arena arena) throws Throwable {
        MethodHandle begin = function(library, "cuInit", JAVA_INT);
        MethodHandle count = function(library, "cuDeviceGetCount", ADDRESS);
        MethodHandle total = function(library, "cuDeviceTotalMem_v2", ADDRESS, JAVA_INT);
        MemorySegment number = arena.allocate(JAVA_INT);
        MemorySegment value = arena.allocate(JAVA_LONG);
        int error = (int) begin.invokeExact(0);
        if (error == 0) {
            error = (int) count.invokeExact(number);
        }
        int devices = error == 0 ? number.get(JAVA_INT, 0) : 0;
        if (devices == 0) {
            return Answer.no(name + " finds no device" + (error == 0 ? "" : " (" + named(library, error, arena) + ")"));
        }
        long memory = 0;
        for (int d = 0; d < devices; d++) {
            error = (int) total.invokeExact(value, d);
            memory = error == 0 ? Math.max(memory, value.get(JAVA_LONG, 0)) : memory;
        }
        return new Answer("", true, memory);
    }

    /** {@code CUDA_ERROR_SYSTEM_DRIVER_MISMATCH}, and what to do against those that come of versions. */
    private String named(SymbolLookup library, int error, Arena arena) throws Throwable {
        MemorySegment name = arena.allocate(ADDRESS);
        int unknown =
                (int) function(library, "cuGetErrorName", JAVA_INT, ADDRESS).invokeExact(error, name);
        MemorySegment text = name.get(ADDRESS, 0);
        return (unknown != 0 || text.equals(MemorySegment.NULL)
                        ? "its error " + error
                        : text.reinterpret(Byte.MAX_VALUE).getString(0))
                + switch (error) {
                    case STUB -> ": it is the toolkit's stub, not the driver; take its folder out of LD_LIBRARY_PATH";
                    case MISMATCH -> ": the library and the kernel's module are of two versions; restart the machine";
                    case NOT_COMPATIBLE ->
                        ": the compatibility package does not serve this device; install a driver for it";
                    default -> "";
                };
    }

    @Override
    public String lags(Path library) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup driver = SymbolLookup.libraryLookup(BackEnd.CUDA.driver(), Arena.global());
            MemorySegment number = arena.allocate(JAVA_INT);
            int error = (int) function(driver, "cuDriverGetVersion", ADDRESS).invokeExact(number);
            int version = error == 0 ? number.get(JAVA_INT, 0) : 0;
            return Toolkit.of(library)
                    .reason(library, version, name -> driver.find(name).isPresent());
        } catch (Throwable e) {
            return "whether its driver is new enough is not known: " + e;
        }
    }

    private MethodHandle function(SymbolLookup library, String name, MemoryLayout... arguments) {
        return linker.downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }
}
