package org.kolotoc.shell;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;

/**
 * What a command printed, and its exit code. The streams of the process stay the same all the time, also while runs go on that
 * put back what they were when the host began.
 */
record Printed(int code, String out, String err) {
    private static final Switch OUT = new Switch(System.out);
    private static final Switch ERR = new Switch(System.err);

    static {
        System.setOut(new PrintStream(OUT, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(ERR, true, StandardCharsets.UTF_8));
    }

    /** Goes to where a stream of the process went before, or somewhere else for a while. */
    private static final class Switch extends OutputStream {
        private final OutputStream before;
        private volatile OutputStream now;

        Switch(OutputStream before) {
            this.before = before;
            this.now = before;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] content, int from, int count) {
            if (now instanceof ByteArrayOutputStream kept) {
                kept.write(content, from, count);
            } else {
                ((PrintStream) before).write(content, from, count);
            }
        }
    }

    /** Whoever prints from here on does so by these streams. */
    static void begin() {
        // The class has its streams by now.
    }

    static Printed by(ToIntFunction<String[]> command, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OUT.now = out;
        ERR.now = err;
        try {
            int code = command.applyAsInt(arguments);
            return new Printed(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            OUT.now = OUT.before;
            ERR.now = ERR.before;
        }
    }
}
