package org.kolotoc.engine.fill;

import java.util.Locale;
import java.util.Optional;
import org.kolotoc.engine.experiment.Printable;
import org.osgi.framework.Bundle;

/**
 * A plugin broke: it threw what it must not, or did not keep the contract of its seat. The message says who, doing what,
 * where in its own code, and what was thrown.
 */
public final class PluginFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 400;

    private final transient PluginBundle blamed;

    private PluginFailure(PluginBundle blamed, String message, Throwable cause) {
        super(message, cause);
        this.blamed = blamed;
    }

    /** Whose fault it is. */
    public Bundle bundle() {
        return blamed.bundle();
    }

    /**
     * Something was thrown in a plugin's hands. Blamed is the plugin whose code ran deepest, which need not be the one
     * that was called: a phase fills its feeds from data.
     */
    static PluginFailure thrown(Occupant called, String doing, Throwable thrown) {
        StackTraceElement[] stack = stack(thrown);
        Optional<PluginBundle.Place> place = called.bundle().deepest(stack);
        return new PluginFailure(
                place.map(PluginBundle.Place::bundle).orElse(called.bundle()),
                who(called, place) + " failed while " + (isOwn(called, place) ? "it" : called) + " " + doing + ": "
                        + Printable.cut(described(thrown), SHOWN) + at(place, stack),
                isSound(thrown) ? thrown : null);
    }

    /**
     * Something did not come back. Blamed is whoever's code stands deepest, here too.
     *
     * @param seconds that it was waited for
     * @param stack where it stands
     */
    static PluginFailure hanging(Occupant called, String doing, double seconds, StackTraceElement[] stack) {
        Optional<PluginBundle.Place> place = called.bundle().deepest(stack);
        return new PluginFailure(
                place.map(PluginBundle.Place::bundle).orElse(called.bundle()),
                String.format(Locale.ROOT, "%s did not come back within %.1f s", who(called, place), seconds) + " when "
                        + (isOwn(called, place) ? "it" : called) + " " + doing + at(place, stack),
                null);
    }

    private static boolean isOwn(Occupant called, Optional<PluginBundle.Place> place) {
        return place.isEmpty()
                || place.get().bundle().bundle().equals(called.bundle().bundle());
    }

    private static String who(Occupant called, Optional<PluginBundle.Place> place) {
        return isOwn(called, place)
                ? called.toString()
                : "bundle " + place.get().bundle() + " ("
                        + String.join(", ", place.get().bundle().seats()) + ")";
    }

    private static String at(Optional<PluginBundle.Place> place, StackTraceElement[] stack) {
        return place.map(line -> "\n  at " + line.line()
                        + (stack[0] == line.frame()
                                ? ""
                                : ", in its call of " + stack[0].getClassName() + "." + stack[0].getMethodName()))
                .orElse("");
    }

    /** A contract was not kept; {@code how} goes on after the plugin's name. */
    public static PluginFailure broken(Occupant occupant, String how) {
        return new PluginFailure(occupant.bundle(), occupant + " " + how, null);
    }

    private static String described(Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) {
            return "it took all memory of the Java heap, "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB";
        }
        return isSound(thrown)
                ? thrown.toString()
                : thrown.getClass().getName() + ", which does not even tell what it is";
    }

    /** What is thrown may be of the plugin's own type, so that what it tells of itself is the plugin's code too. */
    private static boolean isSound(Throwable thrown) {
        try {
            return thrown.toString() != null && thrown.getStackTrace() != null;
        } catch (Throwable _) {
            return false;
        }
    }

    private static StackTraceElement[] stack(Throwable thrown) {
        return isSound(thrown) ? thrown.getStackTrace() : new StackTraceElement[0];
    }
}
