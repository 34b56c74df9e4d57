package org.kolotoc.shell;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Where lines of progress appear.
 *
 * @param overwrites whether a line can be replaced by the next: on a terminal that knows escape sequences
 * @param columns its width at this moment; asked for each line, since people change it
 */
record Screen(boolean overwrites, IntSupplier columns) {
    /** What terminals have that tell nothing else. */
    private static final int USUAL = 80;

    /** A file, a pipe, a terminal without escape sequences: every line stays, whatever its length. */
    public static final Screen PAPER = new Screen(false, () -> Integer.MAX_VALUE);

    /**
     * Standard output.
     *
     * @param context where the launcher offers the terminal's width: an {@code IntSupplier} with the property
     *     {@code kolotoc.columns}
     */
    public static Screen of(BundleContext context) {
        boolean terminal = System.console() != null && System.console().isTerminal();
        String kind = System.getenv().getOrDefault("TERM", "dumb");
        return terminal && !kind.equals("dumb") ? new Screen(true, columns(context)) : PAPER;
    }

    /**
     * Whether the standard output goes to a terminal, or nobody can tell; also where the input comes from elsewhere, so that
     * there is nobody who types.
     *
     * @param context where the launcher offers to tell it: a {@code BooleanSupplier} with the property {@code kolotoc.terminal}
     */
    static boolean mayBeTerminal(BundleContext context) {
        return offered(context, BooleanSupplier.class, "(kolotoc.terminal=out)")
                .map(BooleanSupplier::getAsBoolean)
                .orElse(false);
    }

    private static IntSupplier columns(BundleContext context) {
        return offered(context, IntSupplier.class, "(kolotoc.columns=true)").orElse(() -> USUAL);
    }

    private static <S> Optional<S> offered(BundleContext context, Class<S> type, String filter) {
        try {
            return context.getServiceReferences(type, filter).stream()
                    .findFirst()
                    .map((ServiceReference<S> reference) -> context.getService(reference));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
