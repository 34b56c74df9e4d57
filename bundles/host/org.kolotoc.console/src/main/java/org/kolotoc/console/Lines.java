package org.kolotoc.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.experiment.Nearest;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Does what lines say, one after the other, each on a thread of its own that can be interrupted. Gogo reads them. */
final class Lines implements AutoCloseable {
    private static final String SCOPE = "kolotoc";

    /** Time in which a command has to end that was interrupted and does not say that it ends by itself. */
    private static final long PATIENCE_NANOSECONDS = 2_000_000_000L;

    private final BundleContext context;
    private final Commands commands;
    private final CommandSession session;
    private final Runnable ask;
    private final Runnable forget;
    private final Runnable help;
    private final Map<String, ServiceRegistration<?>> offered = new HashMap<>();
    private final AtomicReference<Work> work = new AtomicReference<>();

    /** The line that is being done. */
    private static final class Work {
        private final Thread thread;
        private volatile boolean stoppable;
        private volatile long interrupted;
        private volatile int code;

        Work(Thread thread) {
            this.thread = thread;
        }
    }

    /**
     * None yet.
     *
     * @param ask asks a command to stop that says it can
     * @param forget tells that none is asked any more
     * @param help prints what there is to type
     */
    Lines(
            BundleContext context,
            Commands commands,
            CommandProcessor processor,
            Runnable ask,
            Runnable forget,
            Runnable help) {
        this.context = context;
        this.commands = commands;
        this.ask = ask;
        this.forget = forget;
        this.help = help;
        // Gogo has put streams in the place of the process's own, which lead here: to these they would lead in a
        // circle.
        this.session = processor.createSession(
                new FileInputStream(FileDescriptor.in), printing(FileDescriptor.out), printing(FileDescriptor.err));
        session.put("SCOPE", SCOPE);
    }

    private static PrintStream printing(FileDescriptor to) {
        return new PrintStream(new FileOutputStream(to), true, StandardCharsets.UTF_8);
    }

    /** Does a line; what it gave is told where it is not 0. */
    int run(String line) {
        // Ctrl-C before this line is none of it.
        forget.run();
        offer();
        Thread thread = Thread.ofPlatform().daemon().name("kolotoc shell").unstarted(() -> done(line));
        Work now = new Work(thread);
        work.set(now);
        thread.start();
        try {
            while (!thread.join(Duration.ofMillis(100))) {
                if (now.interrupted != 0 && System.nanoTime() - now.interrupted > PATIENCE_NANOSECONDS) {
                    System.err.println("the command does not end, and is left to itself");
                    now.code = ExitCode.INTERRUPTED.code();
                    break;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.code();
        } finally {
            work.set(null);
            forget.run();
        }
        if (now.code != ExitCode.DONE.code()) {
            System.err.println("exit code " + now.code);
        }
        return now.code;
    }

    /** Ctrl-C: the command stops, and no more than that. */
    void interrupt() {
        Work now = work.get();
        if (now == null) {
            return;
        }
        if (now.stoppable) {
            ask.run();
        } else {
            now.interrupted = System.nanoTime();
            now.thread.interrupt();
        }
    }

    private void done(String line) {
        Work now = work.get();
        try {
            Object code = session.execute(line);
            now.code = code instanceof Integer number ? number : ExitCode.DONE.code();
        } catch (CommandNotFoundException e) {
            now.code = ExitCode.BAD_INPUT.code();
            String name = e.getCommand().replaceFirst(".*:", "");
            System.err.println("kolotoc: there is no command '" + name + "'"
                    + Nearest.hint(name, List.copyOf(commands.all().keySet())) + "\n  do: help");
        } catch (Exception e) {
            if (now.interrupted != 0) {
                now.code = ExitCode.INTERRUPTED.code();
                return;
            }
            now.code = ExitCode.BAD_INPUT.code();
            System.err.println("kolotoc: the line is not understood: " + e.getMessage()
                    + "\n  do: put what has spaces or one of ${}[]()|;# in it between quotes: '...'");
        }
    }

    /** Lets Gogo know the commands that there are now. */
    private void offer() {
        Map<String, Commands.Typed> now = commands.all();
        offered.keySet().removeIf(name -> {
            boolean gone = !now.containsKey(name) && !name.equals("help");
            if (gone) {
                offered.get(name).unregister();
            }
            return gone;
        });
        now.forEach((name, _) ->
                offered.computeIfAbsent(name, _ -> registered(name, arguments -> ran(name, arguments))));
        offered.computeIfAbsent("help", _ -> registered("help", this::helped));
    }

    @FunctionalInterface
    private interface Body {
        int run(String[] arguments);
    }

    private ServiceRegistration<?> registered(String name, Body body) {
        Dictionary<String, Object> marks = new Hashtable<>();
        marks.put(CommandProcessor.COMMAND_SCOPE, SCOPE);
        marks.put(CommandProcessor.COMMAND_FUNCTION, new String[] {name});
        Function function = (_, arguments) ->
                body.run(arguments.stream().map(String::valueOf).toArray(String[]::new));
        return context.registerService(Function.class, function, marks);
    }

    private int ran(String name, String[] arguments) {
        Commands.Typed command = commands.all().get(name);
        if (command == null) {
            System.err.println("kolotoc: the command '" + name + "' is there no more\n  do: help");
            return ExitCode.BAD_INPUT.code();
        }
        Work now = work.get();
        if (now != null) {
            now.stoppable = command.stoppable();
        }
        try {
            return command.body().applyAsInt(arguments);
        } finally {
            if (now != null) {
                now.stoppable = false;
            }
        }
    }

    private int helped(String[] arguments) {
        if (arguments.length > 0) {
            return ran(arguments[0], new String[] {"--help"});
        }
        help.run();
        return ExitCode.DONE.code();
    }

    @Override
    public void close() {
        offered.values().forEach(ServiceRegistration::unregister);
        session.close();
    }
}
