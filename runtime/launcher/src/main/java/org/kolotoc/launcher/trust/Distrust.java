package org.kolotoc.launcher.trust;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Why a jar, or a policy, is not believed; the message is the rest of a sentence that begins with its file. */
public final class Distrust extends Exception {
    private static final long serialVersionUID = 1;

    private final String next;

    Distrust(String message, String next) {
        super(message);
        this.next = next;
    }

    /** A file that can't be read. */
    static Distrust unreadable(IOException cause, String next) {
        String why = cause instanceof NoSuchFileException ? "is not there" : "can't be read: " + cause.getMessage();
        return new Distrust(why, next, cause);
    }

    Distrust(String message, String next, Exception cause) {
        super(message, cause);
        this.next = next;
    }

    /** The next command. */
    public String next() {
        return next;
    }
}
