package org.kolotoc.backend.tornado.graphs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What TornadoVM's native code prints of errors of drivers, {@code [TornadoVM-PTX-JNI] ERROR : cuLaunchKernel -> Returned: 701},
 * which is all that it does about them. That goes to C++'s standard output; this gives it a file in its place (by the Itanium
 * ABI and the GNU library), and Java's stays as it is. Elsewhere nothing is heard.
 */
final class DriverErrors {
    private static final String LIBRARY = "libstdc++.so.6";
    private static final String FILE_BUFFER = "_ZNSt13basic_filebufIcSt11char_traitsIcEEC1Ev";
    private static final String OPEN = "_ZNSt13basic_filebufIcSt11char_traitsIcEE4openEPKcSt13_Ios_Openmode";
    private static final String SET_BUFFER = "_ZNSt9basic_iosIcSt11char_traitsIcEE5rdbufEPSt15basic_streambufIcS1_E";
    private static final String STANDARD_OUTPUT = "_ZSt4cout";
    /** More than a file buffer of any version takes. */
    private static final long BUFFER_BYTES = 4096;

    private static final int OUT = 1 << 4;
    private static final int APPEND = 1;
    /** Where a stream's table of virtual functions says how far behind it its buffer is kept. */
    private static final int VIRTUAL_BASE = -24;

    /** Those after which numbers are not what they should be; others TornadoVM copes with. */
    private static final Pattern ERROR = Pattern.compile("ERROR : (cuLaunch\\w*|cuMemcpy\\w*|cuMemset\\w*|cuMemAlloc"
            + "|cuGraphLaunch|clEnqueue\\w*|clCreateBuffer|clFinish) -> Returned: (-?\\d+)");

    private static final DriverErrors REDIRECTED = redirect();

    private final Path file;
    private long heard;

    /**
     * An error.
     *
     * @param function of the driver
     * @param code that it gave
     */
    record Said(String function, int code) {
        boolean isOfMemory() {
            return function.equals("cuMemAlloc") || function.equals("clCreateBuffer");
        }
    }

    private DriverErrors(Path file) {
        this.file = file;
    }

    /** Of this process. */
    static DriverErrors redirected() {
        return REDIRECTED;
    }

    @SuppressWarnings("restricted")
    private static DriverErrors redirect() {
        try {
            SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
            Linker linker = Linker.nativeLinker();
            Path file = Files.createTempFile("kolotoc-driver", ".log");
            file.toFile().deleteOnExit();
            MemorySegment buffer = Arena.global().allocate(BUFFER_BYTES, Long.BYTES);
            linker.downcallHandle(library.findOrThrow(FILE_BUFFER), FunctionDescriptor.ofVoid(ADDRESS))
                    .invoke(buffer);
            MemorySegment opened = (MemorySegment) linker.downcallHandle(
                            library.findOrThrow(OPEN), FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_INT))
                    .invoke(buffer, Arena.global().allocateFrom(file.toString()), OUT | APPEND);
            if (opened.equals(MemorySegment.NULL)) {
                return new DriverErrors(null);
            }
            MemorySegment stream = library.findOrThrow(STANDARD_OUTPUT).reinterpret(Long.BYTES);
            long distance = MemorySegment.ofAddress(stream.get(JAVA_LONG, 0) + VIRTUAL_BASE)
                    .reinterpret(Long.BYTES)
                    .get(JAVA_LONG, 0);
            linker.downcallHandle(library.findOrThrow(SET_BUFFER), FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS))
                    .invoke(MemorySegment.ofAddress(stream.address() + distance), buffer);
            return new DriverErrors(file);
        } catch (IllegalArgumentException | NoSuchElementException | IOException _) {
            // Another C++ library, or no place for a file: TornadoVM prints as ever.
            return new DriverErrors(null);
        } catch (Throwable e) {
            throw new IllegalStateException("what TornadoVM prints can't be read", e);
        }
    }

    /** The first error since this was asked last. */
    Optional<Said> next() {
        try {
            if (file == null || Files.size(file) == heard) {
                return Optional.empty();
            }
            byte[] all = Files.readAllBytes(file);
            Matcher error = ERROR.matcher(new String(all, (int) heard, (int) (all.length - heard), ISO_8859_1));
            heard = all.length;
            return error.find()
                    ? Optional.of(new Said(error.group(1), Integer.parseInt(error.group(2))))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
