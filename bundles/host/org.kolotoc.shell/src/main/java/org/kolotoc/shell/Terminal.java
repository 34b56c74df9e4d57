package org.kolotoc.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Printable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Where commands print: what they make on the standard output, what they have to say of it beside it. */
@Component(service = Terminal.class)
public final class Terminal {
    private final BundleContext context;

    @Activate
    public Terminal(BundleContext context) {
        this.context = context;
    }

    PrintStream out() {
        return System.out;
    }

    PrintStream err() {
        return System.err;
    }

    /** Whether somebody types and looks on. */
    boolean typed() {
        return System.console() != null && System.console().isTerminal();
    }

    /**
     * What a model wrote, as the standard output gets it: where that is a terminal, no character of it moves the cursor or changes
     * colours; to a file or a pipe it goes as it is.
     */
    String written(String text) {
        return typed() || Screen.mayBeTerminal(context) ? Printable.written(text) : text;
    }

    /** Where both appear. */
    Screen screen() {
        return Screen.of(context);
    }

    /** A line of progress beside the output. */
    StatusLine line() {
        StatusLine line = new StatusLine(err(), screen());
        // What is over in a moment is not worth one.
        line.pause();
        return line;
    }

    /** Who waits for an experiment to be prepared. */
    Client client(BooleanSupplier stop, boolean quiet) {
        return new Client(stop, new Waiting(this, quiet)::heard);
    }

    /** The same where nobody can stop it. */
    Client client(boolean quiet) {
        return client(() -> false, quiet);
    }

    /** Says what people have to know, whatever they asked for. */
    boolean tellAside(Event event) {
        boolean aside =
                event instanceof Event.Warned || event instanceof Event.Disclosed || event instanceof Event.Quarantined;
        if (aside) {
            err().println(event.text());
        }
        return aside;
    }

    /** A command's work. */
    @FunctionalInterface
    interface Work {
        int run() throws IOException, InterruptedException;
    }

    /** Runs a command; what a person did wrong becomes a message and exit code 2, without a stack trace. */
    int guarded(Work work) {
        try {
            return work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            debug(e);
            return ExitCode.INTERRUPTED.code();
        } catch (IOException | RuntimeException | Error e) {
            Failure failure = Failure.of(e);
            if (failure.code() == ExitCode.DEFECT && isStopping()) {
                debug(e);
                return ExitCode.INTERRUPTED.code();
            }
            err().println(failure.text());
            debug(e);
            return failure.code().code();
        }
    }

    /** Whether somebody stops the host under the command's hands; what fails then is no news. */
    private boolean isStopping() {
        try {
            return context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() != Bundle.ACTIVE;
        } catch (IllegalStateException _) {
            return true;
        }
    }

    private void debug(Throwable e) {
        if (Boolean.parseBoolean(context.getProperty("kolotoc.debug"))) {
            e.printStackTrace();
        }
    }
}
