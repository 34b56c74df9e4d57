package org.kolotoc.launcher;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;

/**
 * Columns of the terminal at this moment: what the terminal says of itself ({@code ioctl} with {@code TIOCGWINSZ}, see
 * {@code tty_ioctl(4)}), else the variable {@code COLUMNS}, else 80. It is asked each time, since people change it.
 *
 * @param columns of a file descriptor; 0 where it does not tell, less where it is no terminal
 * @param told the variable's value, or null
 */
record TerminalWidth(IntUnaryOperator columns, String told) implements IntSupplier {
    private static final int USUAL = 80;
    private static final int OUT = 1;
    private static final int ERR = 2;

    /** Of this process. */
    static TerminalWidth ofThisProcess() {
        return new TerminalWidth(new Ioctl(), System.getenv("COLUMNS"));
    }

    /** Whether the standard output is a terminal; also where that can't be told. */
    boolean isOut() {
        return columns.applyAsInt(OUT) >= 0;
    }

    @Override
    public int getAsInt() {
        for (int descriptor : new int[] {ERR, OUT}) {
            int width = columns.applyAsInt(descriptor);
            if (width > 0) {
                return width;
            }
        }
        try {
            return told == null || Integer.parseInt(told.strip()) < 1 ? USUAL : Integer.parseInt(told.strip());
        } catch (NumberFormatException _) {
            return USUAL;
        }
    }

    /** Asks the system. */
    private static final class Ioctl implements IntUnaryOperator {
        /** {@code struct winsize}: rows, columns, width and height in pixels, 16 bits each. */
        private static final int BYTES = 8;

        private MethodHandle function;
        private boolean absent;

        @Override
        public synchronized int applyAsInt(int descriptor) {
            if (absent) {
                return 0;
            }
            try (Arena arena = Arena.ofConfined()) {
                if (function == null) {
                    function = link();
                }
                MemorySegment size = arena.allocate(BYTES);
                int failed = (int) function.invokeExact(descriptor, request(), size);
                return failed == 0 ? Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 1)) : -1;
            } catch (Throwable _) {
                // Whatever keeps it from being asked, the width of a line is not worth a message.
                absent = true;
                return 0;
            }
        }

        @SuppressWarnings("restricted")
        private static MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("ioctl"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                    Linker.Option.firstVariadicArg(2));
        }

        /** {@code TIOCGWINSZ}: Linux has a number of its own, but on POWER that of BSD, as macOS. */
        private static long request() {
            boolean linux =
                    System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
            return linux && !System.getProperty("os.arch").startsWith("ppc") ? 0x5413 : 0x40087468;
        }
    }
}
