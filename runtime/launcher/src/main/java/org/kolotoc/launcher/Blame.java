package org.kolotoc.launcher;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Says of something thrown in a bundle's hands what it was and which line of a bundle it came from.
 *
 * @param owner names the bundle that has a class, by the class's name
 */
record Blame(Function<String, Optional<String>> owner) {
    private static final int SHOWN = 400;

    /**
     * A line of a bundle.
     *
     * @param bundle name and version
     */
    record Place(String bundle, StackTraceElement frame) {}

    /** The deepest line of a stack that is a bundle's. */
    Optional<Place> place(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .flatMap(frame -> owner.apply(frame.getClassName()).map(bundle -> new Place(bundle, frame)).stream())
                .findFirst();
    }

    /** What was thrown, and in a line below where; without a stack trace. */
    String described(Throwable thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return printable(deepest.toString()) + at(deepest.getStackTrace());
    }

    /** {@code at hello.Hello.start(Hello.java:12)}, in a line of its own; empty when no bundle's code is on the stack. */
    String at(StackTraceElement[] stack) {
        return place(stack).map(place -> "\n  at " + place.frame()).orElse("");
    }

    /** For a thread that nobody waits for: tells whose it was, and lets all others go on. */
    void uncaught(Thread thread, Throwable thrown) {
        String whose = place(thrown.getStackTrace())
                .map(place -> "the bundle " + place.bundle())
                .orElse("the program");
        System.err.println("kolotoc: a thread of " + whose + ", '" + printable(thread.getName()) + "', ended: "
                + described(thrown));
        if (Boolean.getBoolean("kolotoc.debug")) {
            thrown.printStackTrace();
        }
    }

    /** Text from anywhere for a terminal: in one line, without what steers a terminal, and not too long. */
    static String printable(String text) {
        return text.codePoints()
                .limit(SHOWN)
                .mapToObj(point -> Character.isISOControl(point) || Character.getType(point) == Character.FORMAT
                        ? String.format("\\u{%x}", point)
                        : Character.toString(point))
                .collect(Collectors.joining());
    }
}
