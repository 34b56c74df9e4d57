package org.kolotoc.api;

/**
 * Somebody wants to stop, and long work ends here. The host throws it out of what a plugin calls between the parts of such
 * work: {@link Measurements#reached}, {@link DataContext#reached},
 * {@link org.kolotoc.api.text.LanguageSession#prefill}. A plugin lets it through and closes what it has open on the way;
 * what it measured or wrote so far is not used.
 */
public final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Nobody looks at where it was thrown, so it has no stack. */
    public Stopped() {
        super("stopped on request", null, false, false);
    }
}
