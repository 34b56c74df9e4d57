package org.kolotoc.backend.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * oneDNN as it is loaded into this process, or why it is not.
 *
 * <p>It comes with OpenMP. Its threads beside ours would cost twice the time, so the variable {@code OMP_NUM_THREADS} is 1
 * while it loads (OpenMP reads it once, then), and our workers share the work instead.
 *
 * @param symbols its functions; null where it is absent
 * @param digest SHA-256 in hexadecimal digits; null where it is absent
 * @param absence why it is not used; null where it is
 */
@SuppressWarnings("restricted") // a native library is what this class is for
record OneDnnLibrary(SymbolLookup symbols, String digest, String absence) {
    private static final System.Logger LOG = System.getLogger(OneDnnLibrary.class.getName());
    private static final Linker LINKER = Linker.nativeLinker();

    private static final String FOLDER = "/org/bytedeco/dnnl/" + platform();
    /** The library, and what it loads itself. */
    private static final List<String> NAMES = List.of("libdnnl.so.3", "libgomp.so.1");

    /** Loads it from where it was unpacked; a warning says why not if it should be there. */
    static OneDnnLibrary find() {
        String name = NAMES.getFirst();
        if (OneDnnLibrary.class.getResource(FOLDER + "/" + name) == null) {
            return new OneDnnLibrary(null, null, "the class path has no " + FOLDER + "/" + name);
        }
        try {
            var files = NativeFiles.unpack(OneDnnLibrary.class, FOLDER, NAMES, PrivateFolder.caches());
            return new OneDnnLibrary(
                    load(files.folder().resolve(name)), files.digests().get(name), null);
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, warning(e));
            return new OneDnnLibrary(null, null, e.toString());
        }
    }

    private static String warning(Throwable cause) {
        var text = new StringBuilder("oneDNN is there but cannot be used: ").append(cause);
        for (Throwable other : cause.getSuppressed()) {
            text.append("; ").append(other);
        }
        return text.append("\n"
                        + "  Matrix products run on the Java Vector API instead: slower, and to other bits than"
                        + " with oneDNN,")
                .append(" so a run that began with it does not go on to the same bytes.")
                .append("\n"
                        + "  do: export XDG_CACHE_HOME=<a folder of yours that may hold programs>, or free the one"
                        + " named above")
                .toString();
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replaceAll(" .*", "");
        String processor = System.getProperty("os.arch");
        return system + "-" + (processor.equals("amd64") ? "x86_64" : processor);
    }

    private static SymbolLookup load(Path library) {
        if (ValueLayout.ADDRESS.byteSize() != 8) {
            throw new IllegalStateException("pointers of this system are not 64 bits wide");
        }
        var libc = LINKER.defaultLookup();
        var setenv = function(libc, "setenv", JAVA_LONG, JAVA_LONG, JAVA_INT);
        var unsetenv = function(libc, "unsetenv", JAVA_LONG);
        String before = System.getenv("OMP_NUM_THREADS");
        try (var arena = Arena.ofConfined()) {
            long name = arena.allocateFrom("OMP_NUM_THREADS").address();
            int _ = (int) setenv.invokeExact(name, arena.allocateFrom("1").address(), 1);
            try {
                return SymbolLookup.libraryLookup(library, Arena.global());
            } finally {
                int _ = before == null
                        ? (int) unsetenv.invokeExact(name)
                        : (int) setenv.invokeExact(
                                name, arena.allocateFrom(before).address(), 1);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle function(SymbolLookup symbols, String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }
}
