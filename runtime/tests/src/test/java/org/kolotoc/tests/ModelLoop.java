package org.kolotoc.tests;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * A thread that takes the model family {@code gpt} from the registry, makes a model with it and gives it back, again and
 * again. What it uses is leased: whoever wants to refresh waits for {@link #lease}'s write side. The contracts are those of
 * the container, so they are called by reflection.
 */
final class ModelLoop implements AutoCloseable {
    private static final String FAMILY = "org.kolotoc.api.ModelFamily";
    private static final String FILTER = "(&(kolotoc.seat.kind=model)(kolotoc.seat.id=gpt))";

    /** Read while a family is in use. */
    final ReentrantReadWriteLock lease = new ReentrantReadWriteLock(true);

    private final AtomicLong uses = new AtomicLong();
    private final AtomicLong gaps = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Set<String> versions = new TreeSet<>();
    private final BundleContext context;
    private final Object dimensions;
    private final Thread thread;
    private volatile boolean stop;

    /** Begins to turn. */
    ModelLoop(BundleContext context) throws ReflectiveOperationException {
        this.context = context;
        Class<?> api = family(context).getBundle().loadClass("org.kolotoc.api.Dimensions");
        this.dimensions = api.getMethod("of", String.class, int.class).invoke(null, "vocab", 11);
        this.thread = Thread.ofPlatform().name("model-loop").start(this::turn);
    }

    private void turn() {
        try {
            while (!stop) {
                lease.readLock().lock();
                try {
                    use();
                } finally {
                    lease.readLock().unlock();
                }
            }
        } catch (ReflectiveOperationException | RuntimeException | Error e) {
            failure.set(e);
        }
    }

    private void use() throws ReflectiveOperationException {
        ServiceReference<?> reference = family(context);
        if (reference == null) {
            gaps.incrementAndGet();
            return;
        }
        Bundle bundle = reference.getBundle();
        Object family = context.getService(reference);
        if (bundle == null || family == null) {
            return; // It went since the registry was asked; the next turn asks for what is there now.
        }
        try {
            Class<?> settings =
                    (Class<?>) family.getClass().getMethod("settings").invoke(family);
            Object model = create(family).invoke(family, smallest(settings), dimensions);
            if (model == null) {
                throw new IllegalStateException("no model");
            }
            synchronized (versions) {
                versions.add(bundle.getVersion().toString());
            }
            uses.incrementAndGet();
        } finally {
            context.ungetService(reference);
        }
    }

    static ServiceReference<?> family(BundleContext context) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(FAMILY, FILTER);
            return found == null ? null : found[0];
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Method create(Object family) {
        for (Method method : family.getClass().getMethods()) {
            if (method.getName().equals("create") && !method.isBridge()) {
                return method;
            }
        }
        throw new IllegalStateException(family.getClass() + " has no create");
    }

    /** Settings of four layers, heads and so on; flags are off, shares one half, and of several choices it is the first. */
    static Object smallest(Class<?> settings) throws ReflectiveOperationException {
        RecordComponent[] components = settings.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            if (types[i] == int.class) {
                values[i] = 4;
            } else if (types[i] == double.class) {
                values[i] = 0.5;
            } else if (types[i] == boolean.class) {
                values[i] = false;
            } else if (types[i].isEnum()) {
                values[i] = types[i].getEnumConstants()[0];
            } else {
                throw new IllegalStateException("no value for " + components[i]);
            }
        }
        return settings.getDeclaredConstructor(types).newInstance(values);
    }

    /** Waits for so many more uses. */
    void awaitUses(int more) throws InterruptedException {
        long wanted = uses.get() + more;
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (uses.get() < wanted) {
            check();
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the loop does not turn: " + uses + " uses, " + gaps + " gaps");
            }
            Thread.sleep(1);
        }
    }

    long uses() {
        return uses.get();
    }

    /** How often there was no family to be had. */
    long gaps() {
        return gaps.get();
    }

    /** Versions of the bundles it used. */
    Set<String> versions() {
        synchronized (versions) {
            return new TreeSet<>(versions);
        }
    }

    private void check() {
        if (failure.get() != null) {
            throw new AssertionError("the loop failed", failure.get());
        }
    }

    /** Ends the loop; fails when a use has failed. */
    @Override
    public void close() {
        stop = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        check();
    }
}
