package org.kolotoc.tck;

import java.util.Map;
import java.util.function.BiConsumer;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;

/**
 * What a backend made of a case.
 *
 * @param results every output and every state, by name
 */
record Trial(Map<String, Result> results) {
    /** The content of a buffer; {@code floats} or {@code ints} by its type. */
    record Result(float[] floats, int[] ints) {
        static Result of(Buffer buffer) {
            if (buffer.dtype() == DType.F32) {
                float[] floats = new float[buffer.shape().size()];
                buffer.read(floats);
                return new Result(floats, null);
            }
            int[] ints = new int[buffer.shape().size()];
            buffer.read(ints);
            return new Result(null, ints);
        }

        /** Every element as 32 bits. */
        int[] bits() {
            if (ints != null) {
                return ints;
            }
            int[] bits = new int[floats.length];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = Float.floatToIntBits(floats[i]);
            }
            return bits;
        }
    }

    static Trial of(Case test, Backend backend) {
        return of(test, backend, (_, step) -> step.run());
    }

    /** @param run one run of a step */
    static Trial of(Case test, Backend backend, BiConsumer<Executable, Executable.Step> run) {
        Program program = test.program();
        try (Executable executable = backend.compile(program);
                Bound bound = Bound.of(test, program, backend, executable)) {
            for (int i = 0; i < test.runs(); i++) {
                run.accept(executable, bound.step());
            }
            return bound.results(program);
        }
    }
}
