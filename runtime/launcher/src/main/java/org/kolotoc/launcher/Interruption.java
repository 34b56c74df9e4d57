package org.kolotoc.launcher;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C in two steps. The first asks the running command to stop at its next step boundary, if it is one that can; the
 * second ends the process at once. A request from outside (SIGTERM) asks too, and waits for half a minute.
 */
final class Interruption implements BooleanSupplier {
    static final int EXIT_CODE = 130;
    private static final int PATIENCE_SECONDS = 30;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile boolean stoppable;

    /** Starts to listen. The cleaner runs when the process ends without the launcher's own end being reached. */
    Interruption(Runnable cleaner) {
        onSignal("INT", () -> {
            if (requested || !stoppable) {
                requested = true;
                cleaner.run();
                Runtime.getRuntime().halt(EXIT_CODE);
            }
            requested = true;
            System.err.println("\nstopping when the step and what is due after it are done (Ctrl-C again: at once)");
        });
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (finished.getCount() > 0) {
                                requested = true;
                                await();
                                cleaner.run();
                            }
                        },
                        "kolotoc-shutdown"));
    }

    /** Whether the user asked to stop. */
    @Override
    public boolean getAsBoolean() {
        return requested;
    }

    /** Says whether the command that now runs asks {@link #getAsBoolean} and ends by itself. */
    void stoppable(boolean yes) {
        stoppable = yes;
    }

    /** Says that the command has returned and the launcher cleans up by itself. */
    void finished() {
        finished.countDown();
    }

    private void await() {
        if (!stoppable) {
            return;
        }
        try {
            finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The JDK's signal class has no supported counterpart and javac warns about naming it, hence by reflection. */
    private static void onSignal(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "equals" -> self == arguments[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "handler of SIG" + name;
                        };
                    });
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException _) {
            // Without it Ctrl-C runs the shutdown hook, which asks the command too.
        }
    }
}
