package org.kolotoc.api;

/**
 * Something a person gave that can't be used: one clear message, no stack trace, exit code 2.
 *
 * <p>The message names the value, what was expected and, where known, the place; {@link #next()} says what to do or
 * type next.
 */
public final class InputError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String next;

    private InputError(String field, String message, String next, Throwable cause) {
        super(message, cause);
        this.field = field;
        this.next = next;
    }

    /** A message and what to do next (empty where the message says it all). */
    public static InputError of(String message, String next) {
        return new InputError("", message, next, null);
    }

    /** The same, keeping the cause for {@code --debug}. */
    public static InputError of(String message, String next, Throwable cause) {
        return new InputError("", message, next, cause);
    }

    /** A field of a seat's settings record with a value that doesn't fit; the engine puts the JSON path before it. */
    public static InputError field(String field, String message) {
        return new InputError(field, message, "", null);
    }

    /** The same of a field of a seat's settings record, unless it is of one already. */
    public InputError in(String settingsField) {
        return field.isEmpty() ? new InputError(settingsField, getMessage(), next, this) : this;
    }

    /** The component of the settings record at fault, or empty. */
    public String field() {
        return field;
    }

    /** What to do next, or empty. */
    public String next() {
        return next;
    }
}
