package org.kolotoc.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NVIDIA's assembler, where it is on the path, and what it says of a kernel in PTX.
 *
 * @param frame bytes of local memory
 * @param spilled bytes of it that are written because there were no registers
 * @param cubin what we read in its machine code
 */
record Ptxas(int registers, int frame, int spilled, Cubin cubin) {
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
    private static final Pattern FRAME = Pattern.compile("(\\d+) bytes stack frame");
    private static final Pattern SPILLED = Pattern.compile("(\\d+) bytes spill stores");
    private static final int HEAD = 400;

    static boolean isThere() {
        try {
            return new ProcessBuilder("ptxas", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** For the architecture that the pretended device has. */
    static Ptxas of(Path ptx) {
        Path cubin = ptx.resolveSibling(ptx.getFileName() + ".cubin");
        try {
            Process process = new ProcessBuilder("ptxas", "-v", "-arch=sm_90", "-o", cubin.toString(), ptx.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), () -> said + head(ptx));
            return new Ptxas(
                    number(REGISTERS, said),
                    number(FRAME, said),
                    number(SPILLED, said),
                    Cubin.of(Files.readAllBytes(cubin)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static int number(Pattern pattern, String said) {
        Matcher matcher = pattern.matcher(said);
        assertEquals(true, matcher.find(), said);
        return Integer.parseInt(matcher.group(1));
    }

    /** How a text begins, or a file that is none. */
    static String head(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return text.substring(0, Math.min(HEAD, text.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(e);
    }
}
