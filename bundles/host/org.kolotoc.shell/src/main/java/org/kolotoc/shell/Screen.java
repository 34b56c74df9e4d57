package org.kolotoc.shell;

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

    private static IntSupplier columns(BundleContext context) {
        try {
            return context.getServiceReferences(IntSupplier.class, "(kolotoc.columns=true)").stream()
                    .findFirst()
                    .map((ServiceReference<IntSupplier> reference) -> context.getService(reference))
                    .orElse(() -> USUAL);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
