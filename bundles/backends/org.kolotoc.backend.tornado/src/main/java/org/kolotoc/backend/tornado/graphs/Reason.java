package org.kolotoc.backend.tornado.graphs;

import java.util.regex.Pattern;
import uk.ac.manchester.tornado.api.exceptions.TornadoMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/** What TornadoVM means by an exception. */
final class Reason {
    private static final Pattern COLOUR = Pattern.compile("\u001B\\[[0-9;]*m");
    private static final String TRACE = "Stacktrace:";
    private static final String WRAPPED = "Bailout is disabled. Reason: ";
    private static final String LOADING = "cuModuleLoadDataEx failed";
    private static final Pattern MEMORY =
            Pattern.compile("Unable to allocate|cuMemAlloc gives error|" + LOADING + ": out of memory");
    private static final int MOST = 600;

    private Reason() {}

    /** Whether a driver refused memory: some callers in TornadoVM keep no more than the text. */
    static boolean isOfMemory(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TornadoOutOfMemoryException || cause instanceof TornadoMemoryException) {
                return true;
            }
        }
        return MEMORY.matcher(of(failure)).find();
    }

    /** The first sentence of it: what follows is advice for other programs. */
    static String first(Throwable failure) {
        String text = of(failure).replace("[ERROR] ", "");
        text = text.substring(Math.max(0, text.indexOf(LOADING)));
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end);
    }

    /** One line. TornadoVM wraps causes: the innermost says most, with colours and a stack trace in its text. */
    static String of(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (cause instanceof LinkageError) {
            text = cause.getClass().getSimpleName() + ": " + text;
        }
        text = COLOUR.matcher(text).replaceAll("").replace(WRAPPED, "");
        int trace = text.indexOf(TRACE);
        text = (trace < 0 ? text : text.substring(0, trace)).strip().replaceAll("\\s+", " ");
        return text.length() > MOST ? text.substring(0, MOST) + "..." : text;
    }
}
