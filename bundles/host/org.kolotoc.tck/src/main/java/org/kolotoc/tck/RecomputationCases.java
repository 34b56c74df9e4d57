package org.kolotoc.tck;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;

/**
 * What is computed again in the backward pass is what was computed before, to the same bits: whichever kernel it is fused
 * into, at whichever place of a vector it lies, and whatever the compiler makes of who reads it.
 */
final class RecomputationCases {
    private static final int AT_ONCE = 20;

    private RecomputationCases() {}

    static Stream<Check> all(int programs) {
        return Stream.concat(random(programs), ScanCases.bodies().stream().map(RecomputationCases::steps));
    }

    /** Of a loop the carries alone are kept, and each step is made again from them. */
    private static Check steps(ScanCases.Body body) {
        return new Check("steps of a scan " + body.name(), backend -> {
            Case test = ScanCases.of(body, 5);
            Trial kept = run(test, ScanCases.program(body, 5, false), backend);
            Trial again = run(test, ScanCases.program(body, 5, true), backend);
            Agreement.sameBits(test, kept, again);
        });
    }

    private static Stream<Check> random(int programs) {
        return IntStream.range(0, programs / AT_ONCE)
                .map(block -> block * AT_ONCE)
                .mapToObj(first -> new Check("programs of seeds " + first + " to " + (first + AT_ONCE - 1), backend -> {
                    for (int seed = first; seed < first + AT_ONCE; seed++) {
                        Case test = of(seed);
                        Trial kept = run(test, RandomProgram.inSegments(seed, false), backend);
                        Trial again = run(test, RandomProgram.inSegments(seed, true), backend);
                        Agreement.sameBits(test, kept, again);
                    }
                }));
    }

    /** Its program is made twice, so what traces it is not here. */
    private static Case of(int seed) {
        Case test = Case.of("RandomProgram.inSegments(" + seed + ")", _ -> {});
        for (int state = 0; state < 3; state++) {
            test = test.with("s" + state, Values.normal(1.2));
        }
        return test.with("key", Values.of(seed, 1));
    }

    private static Trial run(Case test, Program program, Backend backend) {
        try (Executable executable = backend.compile(program);
                Bound bound = Bound.of(test, program, backend, executable)) {
            bound.step().run();
            return bound.results(program);
        }
    }
}
