package org.kolotoc.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** Ctrl-C stops the command that runs, and the next line is done as if nothing had been. */
@Timeout(60)
class LinesTest {
    private final CountDownLatch began = new CountDownLatch(1);
    private final CompletableFuture<Integer> stopped = new CompletableFuture<>();
    private final AtomicInteger asked = new AtomicInteger();
    private Function work;

    /** Gogo's part, of a line with one word: calls what was offered last under it. */
    private Lines lines(boolean stoppable, ToIntFunction<String[]> body) {
        ServiceReference<?> reference =
                proxy(ServiceReference.class, (self, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> arguments[0].equals("kolotoc.command") ? "work" : Boolean.toString(stoppable);
                    case "compareTo" -> 0;
                    default -> null;
                });
        BundleContext context = proxy(BundleContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getServiceReferences" -> new ServiceReference<?>[] {reference};
            case "getService" -> body;
            case "registerService" -> {
                if (work == null) {
                    work = (Function) arguments[1];
                }
                yield proxy(ServiceRegistration.class, (_, _, _) -> null);
            }
            default -> null;
        });
        CommandSession session = proxy(
                CommandSession.class,
                (self, method, arguments) ->
                        method.getName().equals("execute") ? work.execute((CommandSession) self, List.of()) : null);
        CommandProcessor processor = proxy(CommandProcessor.class, (_, _, _) -> session);
        Runnable ask = () -> {
            asked.incrementAndGet();
            stopped.complete(130);
        };
        return new Lines(context, new Commands(context), processor, ask, () -> {}, () -> {});
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private int interrupted(Lines lines) throws InterruptedException {
        Thread.ofVirtual().start(() -> {
            try {
                began.await();
                lines.interrupt();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return lines.run("work");
    }

    @Test
    void aCommandThatCanStopIsAsked() throws Exception {
        try (Lines lines = lines(true, _ -> {
            began.countDown();
            return stopped.join();
        })) {
            assertEquals(130, interrupted(lines));
            assertEquals(1, asked.get());
            stopped.obtrudeValue(0);
            assertEquals(0, lines.run("work"), "the next one is asked nothing");
        }
    }

    @Test
    void anyOtherIsInterrupted() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch heard = new CountDownLatch(1);
        try (Lines lines = lines(false, _ -> {
            if (runs.getAndIncrement() > 0) {
                return 0;
            }
            began.countDown();
            try {
                Thread.sleep(60_000);
                return 1;
            } catch (InterruptedException e) {
                heard.countDown();
                throw new IllegalStateException(e);
            }
        })) {
            assertEquals(130, interrupted(lines));
            assertEquals(0, heard.getCount(), "it was interrupted, not left to itself");
            assertEquals(0, asked.get());
            assertEquals(0, lines.run("work"));
        }
    }

    @Test
    void oneThatHearsNothingIsLeftToItself() throws Exception {
        try (Lines lines = lines(false, _ -> {
            began.countDown();
            return stopped.join();
        })) {
            long before = System.nanoTime();
            assertEquals(130, interrupted(lines));
            assertTrue(System.nanoTime() - before < 20_000_000_000L, "the shell waits no longer");
            stopped.complete(0);
        }
    }
}
