package org.kolotoc.develop;

/** Something the user can mend: its message says what, where, what was expected and the next command. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    Problem(String message) {
        super(message);
    }

    Problem(String message, Throwable cause) {
        super(message, cause);
    }
}
