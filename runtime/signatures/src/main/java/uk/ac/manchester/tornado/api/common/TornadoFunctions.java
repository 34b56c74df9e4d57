package uk.ac.manchester.tornado.api.common;

import org.kolotoc.signatures.Signature;

/** What a task is made of; the method gets as many arguments as the number says. */
public class TornadoFunctions {
    TornadoFunctions() {
        throw new Signature();
    }

    @FunctionalInterface
    public interface Task1<T1> {
        void apply(T1 a1);
    }

    @FunctionalInterface
    public interface Task2<T1, T2> {
        void apply(T1 a1, T2 a2);
    }

    @FunctionalInterface
    public interface Task3<T1, T2, T3> {
        void apply(T1 a1, T2 a2, T3 a3);
    }

    @FunctionalInterface
    public interface Task4<T1, T2, T3, T4> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4);
    }

    @FunctionalInterface
    public interface Task5<T1, T2, T3, T4, T5> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4, T5 a5);
    }

    @FunctionalInterface
    public interface Task6<T1, T2, T3, T4, T5, T6> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6);
    }

    @FunctionalInterface
    public interface Task7<T1, T2, T3, T4, T5, T6, T7> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7);
    }

    @FunctionalInterface
    public interface Task8<T1, T2, T3, T4, T5, T6, T7, T8> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8);
    }

    @FunctionalInterface
    public interface Task9<T1, T2, T3, T4, T5, T6, T7, T8, T9> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9);
    }

    @FunctionalInterface
    public interface Task10<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10);
    }

    @FunctionalInterface
    public interface Task11<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11);
    }

    @FunctionalInterface
    public interface Task12<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11, T12 a12);
    }

    @FunctionalInterface
    public interface Task13<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> {
        void apply(T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9, T10 a10, T11 a11, T12 a12, T13 a13);
    }

    @FunctionalInterface
    public interface Task14<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> {
        void apply(
                T1 a1,
                T2 a2,
                T3 a3,
                T4 a4,
                T5 a5,
                T6 a6,
                T7 a7,
                T8 a8,
                T9 a9,
                T10 a10,
                T11 a11,
                T12 a12,
                T13 a13,
                T14 a14);
    }

    @FunctionalInterface
    public interface Task15<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15> {
        void apply(
                T1 a1,
                T2 a2,
                T3 a3,
                T4 a4,
                T5 a5,
                T6 a6,
                T7 a7,
                T8 a8,
                T9 a9,
                T10 a10,
                T11 a11,
                T12 a12,
                T13 a13,
                T14 a14,
                T15 a15);
    }

    @FunctionalInterface
    public interface Task16<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16> {
        void apply(
                T1 a1,
                T2 a2,
                T3 a3,
                T4 a4,
                T5 a5,
                T6 a6,
                T7 a7,
                T8 a8,
                T9 a9,
                T10 a10,
                T11 a11,
                T12 a12,
                T13 a13,
                T14 a14,
                T15 a15,
                T16 a16);
    }

    @FunctionalInterface
    public interface Task17<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17> {
        void apply(
                T1 a1,
                T2 a2,
                T3 a3,
                T4 a4,
                T5 a5,
                T6 a6,
                T7 a7,
                T8 a8,
                T9 a9,
                T10 a10,
                T11 a11,
                T12 a12,
                T13 a13,
                T14 a14,
                T15 a15,
                T16 a16,
                T17 a17);
    }

    @FunctionalInterface
    public interface Task18<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18> {
        void apply(
                T1 a1,
                T2 a2,
                T3 a3,
                T4 a4,
                T5 a5,
                T6 a6,
                T7 a7,
                T8 a8,
                T9 a9,
                T10 a10,
                T11 a11,
                T12 a12,
                T13 a13,
                T14 a14,
                T15 a15,
                T16 a16,
                T17 a17,
                T18 a18);
    }

    @FunctionalInterface
    public interface Task19<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19> {
        void apply(
                T1 a1,
                T2 a2,
                T3 a3,
                T4 a4,
                T5 a5,
                T6 a6,
                T7 a7,
                T8 a8,
                T9 a9,
                T10 a10,
                T11 a11,
                T12 a12,
                T13 a13,
                T14 a14,
                T15 a15,
                T16 a16,
                T17 a17,
                T18 a18,
                T19 a19);
    }

    @FunctionalInterface
    public interface Task20<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20> {
        void apply(
                T1 a1,
                T2 a2,
                T3 a3,
                T4 a4,
                T5 a5,
                T6 a6,
                T7 a7,
                T8 a8,
                T9 a9,
                T10 a10,
                T11 a11,
                T12 a12,
                T13 a13,
                T14 a14,
                T15 a15,
                T16 a16,
                T17 a17,
                T18 a18,
                T19 a19,
                T20 a20);
    }

    /** Makes a call of a library. */
    @FunctionalInterface
    public interface LibraryTask1<T1> {
        LibraryTaskDescriptor apply(T1 a1);
    }
}
