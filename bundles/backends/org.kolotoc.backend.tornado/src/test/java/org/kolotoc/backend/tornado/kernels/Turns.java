package org.kolotoc.backend.tornado.kernels;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * Runs the items of a group on one thread, each from barrier to barrier in turn, by the JDK's own continuations: a thread
 * an item would take minutes where this takes seconds.
 */
final class Turns {
    private static final MethodHandle CREATE;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;
    private static final MethodHandle IS_DONE;
    private static final Object SCOPE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> scope = Class.forName("jdk.internal.vm.ContinuationScope");
            Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
            SCOPE = scope.getConstructor(String.class).newInstance("group");
            CREATE = lookup.findConstructor(continuation, MethodType.methodType(void.class, scope, Runnable.class))
                    .asType(MethodType.methodType(Object.class, Object.class, Runnable.class));
            RUN = lookup.findVirtual(continuation, "run", MethodType.methodType(void.class))
                    .asType(MethodType.methodType(void.class, Object.class));
            YIELD = lookup.findStatic(continuation, "yield", MethodType.methodType(boolean.class, scope))
                    .asType(MethodType.methodType(boolean.class, Object.class));
            IS_DONE = lookup.findVirtual(continuation, "isDone", MethodType.methodType(boolean.class))
                    .asType(MethodType.methodType(boolean.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Turns() {}

    /** Waits for the other items of the group. */
    static void yield() {
        try {
            boolean _ = (boolean) YIELD.invokeExact(SCOPE);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs all to their ends. */
    static void run(List<Runnable> items) {
        try {
            Object[] continuations = new Object[items.size()];
            for (int i = 0; i < continuations.length; i++) {
                continuations[i] = (Object) CREATE.invokeExact(SCOPE, items.get(i));
            }
            int done = 0;
            while (done == 0) {
                for (Object continuation : continuations) {
                    RUN.invokeExact(continuation);
                    done += (boolean) IS_DONE.invokeExact(continuation) ? 1 : 0;
                }
            }
            if (done < continuations.length) {
                throw new IllegalStateException(done + " of " + continuations.length
                        + " items of a group ended while others wait at a barrier");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
