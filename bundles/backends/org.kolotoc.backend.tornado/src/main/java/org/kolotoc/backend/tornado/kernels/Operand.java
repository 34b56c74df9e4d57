package org.kolotoc.backend.tornado.kernels;

/** A number in generated code: an {@code int} or {@code float} in a local variable, or known when the code is written. */
sealed interface Operand {
    boolean floating();

    /** A local variable of the method. */
    record Local(int slot, boolean floating) implements Operand {}

    /** A constant {@code int}. */
    record Whole(int value) implements Operand {
        @Override
        public boolean floating() {
            return false;
        }
    }

    /** A constant {@code float}. */
    record Real(float value) implements Operand {
        @Override
        public boolean floating() {
            return true;
        }
    }

    static Operand of(int value) {
        return new Whole(value);
    }

    static Operand of(float value) {
        return new Real(value);
    }

    default boolean is(int value) {
        return this instanceof Whole whole && whole.value() == value;
    }
}
