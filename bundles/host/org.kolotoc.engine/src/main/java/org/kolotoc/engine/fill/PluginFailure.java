package org.kolotoc.engine.fill;

import java.time.Duration;
import org.kolotoc.engine.experiment.Printable;

/**
 * A plugin broke: it threw what it must not, or did not keep the contract of its seat. The message says who, doing what,
 * where in its own code, and what was thrown.
 */
public final class PluginFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 400;

    private PluginFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Something was thrown in a plugin's hands. Blamed is the plugin whose code ran deepest, which need not be the one
     * that was called: a phase fills its feeds from data.
     */
    static PluginFailure thrown(Occupant called, String doing, Throwable thrown) {
        StackTraceElement[] stack = thrown.getStackTrace();
        PluginBundle.Place place = called.bundle().deepest(stack).orElse(null);
        boolean own =
                place == null || place.bundle().bundle().equals(called.bundle().bundle());
        StringBuilder message = new StringBuilder();
        message.append(
                        own
                                ? called
                                : "bundle " + place.bundle() + " ("
                                        + String.join(", ", place.bundle().seats()) + ")")
                .append(" failed while ")
                .append(own ? "it" : called)
                .append(' ')
                .append(doing)
                .append(": ")
                .append(Printable.cut(described(thrown), SHOWN));
        if (place != null) {
            message.append("\n  at ").append(place.line());
            if (stack[0] != place.frame()) {
                message.append(", in its call of ")
                        .append(stack[0].getClassName())
                        .append('.')
                        .append(stack[0].getMethodName());
            }
        }
        return new PluginFailure(message.toString(), thrown);
    }

    /** Something took too long; {@code stack} is where it stands. */
    static PluginFailure hanging(Occupant occupant, String doing, Duration patience, StackTraceElement[] stack) {
        String place = occupant.bundle()
                .deepest(stack)
                .map(line -> "\n  at " + line.line())
                .orElse("");
        return broken(
                occupant, "did not come back within " + patience.toMillis() / 1000.0 + " s when it " + doing + place);
    }

    /** A contract was not kept; {@code how} goes on after the plugin's name. */
    public static PluginFailure broken(Occupant occupant, String how) {
        return new PluginFailure(occupant + " " + how, null);
    }

    private static String described(Throwable thrown) {
        return thrown instanceof OutOfMemoryError
                ? "it took all memory of the Java heap, "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB"
                : thrown.toString();
    }
}
