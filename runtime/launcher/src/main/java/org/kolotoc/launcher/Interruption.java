package org.kolotoc.launcher;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BooleanSupplier;
import org.kolotoc.develop.ExitCode;

/**
 * A wish to stop, in two steps: Ctrl-C, or what a scheduler (SIGTERM) or a closed terminal (SIGHUP) sends. The first asks
 * the running command to stop at its next step boundary, if it is one that can; the second ends the process at once, as
 * does the first where the command can't.
 */
final class Interruption implements BooleanSupplier {
    private static final String AGAIN = "Ctrl-C again: at once";

    private final Runnable atOnce;
    private volatile ExitCode requested;
    private volatile boolean stoppable;

    /** What is said when somebody asks. */
    private volatile String stopping = "stopping";

    /**
     * Starts to listen.
     *
     * @param atOnce runs before the process ends at once; must take no time
     */
    Interruption(Runnable atOnce) {
        this.atOnce = atOnce;
        onSignal("INT", ExitCode.INTERRUPTED, AGAIN);
        onSignal("TERM", ExitCode.TERMINATED, "SIGTERM; once more: at once");
        onSignal("HUP", ExitCode.HUNG_UP, "SIGHUP; once more: at once");
    }

    /** Whether somebody asked to stop. */
    @Override
    public boolean getAsBoolean() {
        return requested != null;
    }

    /**
     * Says that the command that now runs asks {@link #getAsBoolean} and ends by itself.
     *
     * @param how it does, as people are told; empty where there is nothing to say
     */
    void stoppable(String how) {
        stoppable = true;
        stopping = how.isEmpty() ? stopping : how;
    }

    /** Somebody wants the command to stop that runs now: Ctrl-C, where a terminal's own reader hears it. */
    void ask() {
        heard(ExitCode.INTERRUPTED, AGAIN);
    }

    /** The command has ended that was asked to stop, and others follow: nobody asked these. */
    void forget() {
        requested = null;
    }

    /** Says that the script which started this process is gone, killed so that it could not tell. */
    void abandoned() {
        heard(ExitCode.HUNG_UP, "SIGTERM: at once");
    }

    /** The exit code of a command that stopped because it was asked to: that of the signal. */
    int code(int ofCommand) {
        ExitCode signal = requested;
        return signal != null && ofCommand == ExitCode.INTERRUPTED.code() ? signal.code() : ofCommand;
    }

    private void heard(ExitCode signal, String again) {
        boolean first = requested == null;
        requested = signal;
        if (!first || !stoppable) {
            atOnce.run();
            Runtime.getRuntime().halt(ExitCode.raw(signal.code()));
        }
        if (System.getProperty("kolotoc.relay") == null) {
            tell(again);
        }
    }

    /** Where another process tells people, it has. */
    private void tell(String again) {
        System.err.println("\n" + stopping + " (" + again + ")");
    }

    /** The JDK's signal class has no supported counterpart and javac warns about naming it, hence by reflection. */
    private void onSignal(String name, ExitCode code, String again) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                heard(code, again);
                                yield null;
                            }
                            case "equals" -> self == arguments[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "handler of SIG" + name;
                        };
                    });
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException _) {
            // A JVM that was told to leave signals alone (-Xrs) ends at once.
        }
    }
}
