package org.kolotoc.tck;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.kolotoc.tensor.Backend;

/** Something that holds on every backend and is no comparison with the reference. */
record Check(String name, ThrowingConsumer<Backend> holds) {
    static Stream<DynamicTest> tests(Stream<Check> checks, Backend backend) {
        return checks.map(check ->
                DynamicTest.dynamicTest(check.name(), () -> check.holds().accept(backend)));
    }
}
