package org.kolotoc.author;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The commands of the program, as the launcher finds them. */
final class Commands {
    private static final String COMMAND = "kolotoc.command";

    private Commands() {}

    /** What can be typed behind {@code ./kolotoc}, the script's own commands included. */
    static Set<String> names(BundleContext context) {
        Set<String> names = new TreeSet<>();
        references(context, ToIntFunction.class, "(" + COMMAND + "=*)")
                .forEach(reference -> names.add(reference.getProperty(COMMAND).toString()));
        // A line with options that go with every command, then a line for each of the script's.
        references(context, Supplier.class, "(kolotoc.words=true)")
                .map(reference -> (Supplier<?>) context.getService(reference))
                .forEach(
                        words -> words.get().toString().lines().skip(1).forEach(line -> names.add(line.split(" ")[0])));
        return names;
    }

    private static Stream<ServiceReference<?>> references(BundleContext context, Class<?> type, String filter) {
        try {
            ServiceReference<?>[] found = context.getServiceReferences(type.getName(), filter);
            return found == null ? Stream.of() : Arrays.stream(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
