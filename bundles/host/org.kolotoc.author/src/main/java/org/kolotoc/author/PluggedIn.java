package org.kolotoc.author;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.fill.Seats;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;

/** The bundle of a plugin in this process: the newest build that can be used. */
final class PluggedIn {
    private static final String READY = "ready";
    private static final List<String> CONTRACTS = List.of(
            "org.kolotoc.tensor", "org.kolotoc.api", "org.kolotoc.nn", "org.osgi.service.component.annotations");

    private final BundleContext context;
    private final Engine engine;
    private final List<Bundle> before = new ArrayList<>();
    private Bundle bundle;

    PluggedIn(BundleContext context, Engine engine) {
        this.context = context;
        this.engine = engine;
    }

    /** Jars that a plugin is compiled against: the contracts, and the plugins of others that are plugged in. */
    List<Path> contracts() {
        Path lib = Path.of(String.valueOf(context.getProperty("kolotoc.home")), "lib")
                .toAbsolutePath();
        return Arrays.stream(context.getBundles())
                .filter(one -> one.getLocation().startsWith("file:"))
                .filter(one -> CONTRACTS.contains(one.getSymbolicName())
                        || !Path.of(URI.create(one.getLocation())).startsWith(lib))
                .map(one -> Path.of(URI.create(one.getLocation())))
                .toList();
    }

    /** The seats that it can fill. */
    List<Seats.Installed> seats() {
        return bundle == null ? List.of() : seats(bundle);
    }

    private List<Seats.Installed> seats(Bundle of) {
        return engine.seats().examined().stream()
                .filter(seat -> seat.bundle().equals(of.getSymbolicName())
                        && seat.version().equals(of.getVersion().toString()))
                .toList();
    }

    /**
     * Installs another build beside those before. One that can't be used is taken out again.
     *
     * @return why it can't be used, lines for a person; nothing if it can
     */
    List<String> replace(Path jar) throws BundleException {
        Bundle next;
        try {
            next = engine.diagnosis()
                    .installed()
                    .install(jar.toUri().toString(), Files.readAllBytes(jar), jar.toString());
        } catch (InputError e) {
            return List.of(e.getMessage(), "do: " + e.next());
        } catch (IOException e) {
            throw new BundleException(jar + " can't be read", e);
        }
        List<String> wrong = start(next);
        if (!wrong.isEmpty()) {
            engine.retire(List.of(next));
        } else {
            if (bundle != null) {
                before.add(bundle);
            }
            bundle = next;
        }
        return wrong;
    }

    /** Takes out the builds before the newest, each when nobody computes with it any more. */
    void letGo() {
        engine.retire(before);
        before.clear();
    }

    private List<String> start(Bundle next) {
        try {
            next.start(Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            List<String> told = explained(next);
            return told.isEmpty() ? List.of(next.getSymbolicName() + " does not start: " + e.getMessage()) : told;
        }
        List<Seats.Installed> seats = seats(next);
        if (seats.isEmpty()) {
            return List.of(next.getSymbolicName() + " fills no seat; expected a class with @Component and @Seat");
        }
        return seats.stream()
                .filter(seat -> !seat.state().equals(READY))
                .flatMap(seat -> Stream.concat(
                        Stream.of("the " + seat.kind() + " '" + seat.id() + "' is " + seat.state()),
                        seat.trouble().stream().map(line -> "  " + line)))
                .toList();
    }

    /** Why a bundle can't be used, as the engine explains it. */
    @SuppressWarnings("rawtypes")
    private List<String> explained(Bundle of) {
        try {
            return context.getServiceReferences(LongFunction.class, "(kolotoc.explains=bundle)").stream()
                    .map(reference -> (LongFunction<?>) context.getService(reference))
                    .flatMap(explainer ->
                            String.valueOf(explainer.apply(of.getBundleId())).lines())
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
