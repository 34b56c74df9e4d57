package org.kolotoc.shell;

import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.Engine;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Offers the launcher each command that fills a seat, in the name of the bundle that it is in. */
@Component(service = {})
public final class CommandSeats {
    private static final String COMMAND = "kolotoc.command";

    private final Engine engine;
    private final Terminal terminal;
    private final Map<ServiceReference<?>, ServiceRegistration<?>> offered = new ConcurrentHashMap<>();

    @Activate
    public CommandSeats(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Reference(
            service = org.kolotoc.api.Command.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void bind(ServiceReference<org.kolotoc.api.Command<?>> seat) {
        String name = text(seat, "id");
        String summary = text(seat, "summary");
        offered.put(
                seat,
                seat.getBundle()
                        .getBundleContext()
                        .registerService(
                                ToIntFunction.class,
                                new PluggedCommand(name, summary, engine, terminal),
                                new Hashtable<>(Map.of(COMMAND, name, COMMAND + ".summary", summary))));
    }

    void unbind(ServiceReference<org.kolotoc.api.Command<?>> seat) {
        ServiceRegistration<?> gone = offered.remove(seat);
        try {
            gone.unregister();
        } catch (IllegalStateException _) {
            // Its bundle has stopped, and took it along.
        }
    }

    private static String text(ServiceReference<?> seat, String property) {
        return seat.getProperty(Seat.PREFIX_ + property) instanceof String text ? text : "";
    }
}
