package org.kolotoc.engine.fill;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.kolotoc.api.Seat;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;

/**
 * A bundle with plugins in it.
 *
 * @param bundle itself
 * @param all bundles that have plugins, itself included: those that fill a run's seats before others, since several may have a
 *     class of one name
 */
public record PluginBundle(Bundle bundle, List<Bundle> all) {
    /** The bundle with plugins whose code was running deepest in a stack, and the line; empty when none was. */
    Optional<Place> deepest(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .flatMap(frame -> Stream.concat(Stream.of(bundle), all.stream())
                        .filter(candidate -> has(candidate, frame.getClassName()))
                        .map(candidate -> new Place(new PluginBundle(candidate, all), frame)))
                .findFirst();
    }

    /**
     * A line of a plugin.
     *
     * @param bundle it belongs to
     * @param frame of the stack
     */
    record Place(PluginBundle bundle, StackTraceElement frame) {
        /** {@code hello.HelloPhase.prepare(HelloPhase.java:27)}. */
        String line() {
            return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                    + frame.getLineNumber() + ")";
        }
    }

    private static boolean has(Bundle bundle, String className) {
        return bundle.getState() != Bundle.UNINSTALLED
                && bundle.getEntry(className.replace('.', '/') + ".class") != null;
    }

    /** The seats it offers to fill: {@code model 'gpt'}. */
    List<String> seats() {
        return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(Seat.NAMESPACE).stream()
                .map(seat -> seat.getAttributes().get("kind") + " '"
                        + seat.getAttributes().get("id") + "'")
                .toList();
    }

    /** {@code org.kolotoc.model.gpt 0.1.0}. */
    @Override
    public String toString() {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
