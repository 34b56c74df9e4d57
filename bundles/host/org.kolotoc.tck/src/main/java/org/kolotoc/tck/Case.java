package org.kolotoc.tck;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tracer;

/**
 * A program to compare two backends with, and what to feed it.
 *
 * @param values of inputs that differ from the default, by name
 * @param runs how often the step runs on the same buffers
 * @param exact whether floats must agree to the bit, as where nothing is computed
 * @param subnormal whether numbers come in that a device may take for 0
 */
record Case(
        String name, Consumer<Tracer> trace, Map<String, Values> values, int runs, boolean exact, boolean subnormal) {
    /** The content of an input: the number at a row-major index. */
    @FunctionalInterface
    interface Values {
        double at(CounterRandom random, int index);

        /** The same numbers again and again. */
        static Values of(double... numbers) {
            return (_, index) -> numbers[index % numbers.length];
        }

        /** Whole numbers in {@code [low, high)}. */
        static Values integers(int low, int high) {
            return (random, index) -> low + random.integer(index, high - low);
        }

        /** At least {@code 0.1} and mostly below 4. */
        static Values positive() {
            return (random, index) -> Math.abs(random.normal(index)) + 0.1;
        }

        /** Normal with a standard deviation. */
        static Values normal(double deviation) {
            return (random, index) -> deviation * random.normal(index);
        }
    }

    static Case of(String name, Consumer<Tracer> trace) {
        return new Case(name, trace, Map.of(), 1, false, false);
    }

    Case with(String input, Values content) {
        Map<String, Values> more = new LinkedHashMap<>(values);
        more.put(input, content);
        return new Case(name, trace, more, runs, exact, subnormal);
    }

    /** The step runs so often. */
    Case times(int count) {
        return new Case(name, trace, values, count, exact, subnormal);
    }

    /** Floats agree to the bit. */
    Case bits() {
        return new Case(name, trace, values, runs, true, subnormal);
    }

    /** There are subnormal numbers. */
    Case subnormals() {
        return new Case(name, trace, values, runs, exact, true);
    }

    Program program() {
        Tracer tracer = new Tracer();
        trace.accept(tracer);
        return tracer.program();
    }

    double[] content(String input, DType dtype, int size) {
        CounterRandom random = new CounterRandom(17, input);
        Values content = values.getOrDefault(input, defaults(dtype));
        double[] numbers = new double[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = content.at(random, i);
        }
        return numbers;
    }

    private static Values defaults(DType dtype) {
        return switch (dtype) {
            case F32 -> Values.normal(1);
            case I32 -> Values.integers(-5, 9);
            case BOOL -> Values.integers(0, 2);
        };
    }
}
