package org.kolotoc.console;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Syntax;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The commands of all bundles, as they are at this moment, but for the shell itself. */
record Commands(BundleContext context) {
    private static final String COMMAND = "kolotoc.command";

    /**
     * A command that can be typed.
     *
     * @param stoppable whether it ends by itself once a stop is asked for
     */
    record Typed(ToIntFunction<String[]> body, boolean stoppable) {
        /** What it takes, where it says so and does not break. */
        Optional<Syntax> syntax() {
            try {
                return body instanceof Command command ? Optional.ofNullable(command.syntax()) : Optional.empty();
            } catch (RuntimeException | LinkageError _) {
                return Optional.empty();
            }
        }
    }

    /** By name; of two of one name the one that came first, which is the program's own. */
    Map<String, Typed> all() {
        try {
            Map<String, Typed> all = new TreeMap<>();
            ServiceReference<?>[] found =
                    context.getServiceReferences(ToIntFunction.class.getName(), "(" + COMMAND + "=*)");
            for (ServiceReference<?> reference :
                    Arrays.stream(found).sorted(Comparator.reverseOrder()).toList()) {
                if (context.getService(reference) instanceof ToIntFunction<?> body) {
                    all.putIfAbsent(reference.getProperty(COMMAND).toString(), typed(body, reference));
                }
            }
            all.remove(ShellCommand.NAME);
            return all;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Typed typed(ToIntFunction<?> body, ServiceReference<?> reference) {
        return new Typed(
                (ToIntFunction<String[]>) body,
                Boolean.parseBoolean(String.valueOf(reference.getProperty(COMMAND + ".stoppable"))));
    }
}
