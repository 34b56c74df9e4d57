package org.kolotoc.tensor;

import java.util.Set;

/**
 * Where a node comes from.
 *
 * @param layer the tracer's scope, {@code block0.attention}, empty outside any
 * @param source file and line of the first caller outside Java's, the tensor and the layer libraries, {@code Gpt.java:41}
 */
public record Origin(String layer, String source) {
    private static final Set<String> LIBRARY = Set.of("org.kolotoc.tensor", "org.kolotoc.nn");
    private static final StackWalker WALKER = StackWalker.getInstance();

    static Origin here(String layer) {
        return WALKER.walk(frames -> frames.filter(frame -> !isLibrary(frame.getClassName()))
                .findFirst()
                .map(frame -> new Origin(layer, frame.getFileName() + ":" + frame.getLineNumber()))
                .orElse(new Origin(layer, "")));
    }

    /** Ours, and Java's own, which calls back what it is given: the lambda of a stream or of an optional. */
    private static boolean isLibrary(String className) {
        if (className.startsWith("java.")) {
            return true;
        }
        int dot = className.lastIndexOf('.');
        return dot > 0 && LIBRARY.contains(className.substring(0, dot));
    }

    /** {@code " in block0.attention at Gpt.java:41"}, for the end of a message. */
    public String suffix() {
        return (layer.isEmpty() ? "" : " in " + layer) + (source.isEmpty() ? "" : " at " + source);
    }
}
