package org.kolotoc.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.kolotoc.develop.ExitCode;
import org.kolotoc.launcher.tornado.Loaded;
import org.kolotoc.launcher.trust.Distrust;
import org.kolotoc.launcher.trust.Policy;
import org.osgi.framework.Constants;

/** The process: starts the host with its features, runs one command in it, and exits with the command's code. */
public final class Main {
    private static final List<String> ALWAYS = List.of("core", "cpu", "text", "image", "probe", "shell");
    private static final String TORNADO = "tornado";
    /** Help, a script that completes, and where any of them may be typed. */
    private static final List<String> LISTS_ALL = List.of("", "completion", "shell");

    private static final List<String> VERSION = List.of("--version", "-V");

    private final Arguments arguments;
    private final Path home;
    private final AtomicReference<CacheFolder> cache = new AtomicReference<>();
    private final AtomicReference<Host> host = new AtomicReference<>();
    private final Interruption interruption = new Interruption(this::removeCache);
    private final Ending ending = new Ending(this::owner, this::removeCache);

    private Main(Arguments arguments) {
        this.arguments = arguments;
        this.home = Path.of(property("kolotoc.home"));
    }

    /**
     * Runs {@code <command> [arguments]} with the system property {@code kolotoc.home} naming the runtime's folder. Ends
     * the process: threads of the framework or of a bundle never keep it alive.
     */
    public static void main(String[] line) {
        // Numbers in names of files and in what programs read have the digits 0 to 9 everywhere.
        Locale.setDefault(Locale.ROOT);
        boolean debug = List.of(line).contains("--debug");
        Main main = null;
        int code;
        try {
            main = new Main(Arguments.parse(line));
            code = main.run();
        } catch (Problem e) {
            code = failed(main, ExitCode.BAD_INPUT, e.getMessage(), e, debug);
        } catch (RuntimeException | Error e) {
            String message = "this is a defect of the program: " + e + (debug ? "" : "\n  --debug shows where");
            code = failed(main, ExitCode.DEFECT, message, e, debug);
        }
        if (main == null) {
            System.exit(ExitCode.raw(code));
        }
        main.end(code);
    }

    private void end(int code) {
        Host running = host.get();
        if (running != null) {
            running.close();
        }
        ending.exit(interruption.code(code));
    }

    /** Says what went wrong, unless it is that the host was stopped under somebody's hands. */
    private static int failed(Main main, ExitCode code, String message, Throwable e, boolean debug) {
        boolean stopped = main != null && main.interruption.getAsBoolean();
        if (!stopped) {
            System.err.println("kolotoc: " + message);
        }
        if (debug) {
            e.printStackTrace();
        }
        return stopped ? ExitCode.INTERRUPTED.code() : code.code();
    }

    private void removeCache() {
        CacheFolder made = cache.getAndSet(null);
        if (made != null) {
            made.close();
        }
    }

    private Optional<String> owner(String type) {
        return Optional.ofNullable(host.get()).flatMap(running -> running.owner(type));
    }

    private int run() {
        if (VERSION.contains(arguments.command())) {
            System.out.println("kolotoc " + property("kolotoc.version"));
            return ExitCode.DONE.code();
        }
        System.setProperty("kolotoc.debug", Boolean.toString(arguments.debug()));
        endWithTheScript();
        CacheFolder made = CacheFolder.open(Path.of(System.getProperty("java.io.tmpdir")));
        cache.set(made);
        Host running = Host.start(made.path(), policies(), properties(), interruption, arguments.debug());
        host.set(running);
        Thread.setDefaultUncaughtExceptionHandler(running.blame()::uncaught);
        add(running, features());
        Plugins plugins = new Plugins(running);
        running.offer(Supplier.class, plugins::leftOut, "kolotoc.leftOut", true);
        running.offer(Supplier.class, new Features(home)::all, "kolotoc.features", "jars");
        running.offer(Function.class, new Processes(arguments), "kolotoc.processes", "host");
        running.offer(Runnable.class, interruption::ask, "kolotoc.stop", "ask");
        running.offer(Runnable.class, interruption::forget, "kolotoc.stop", "forget");
        running.offer(Runnable.class, () -> Help.print(System.out, running.commands()), "kolotoc.help", true);
        plugins.add(arguments.plugins(), droppedIn());
        report("container ready");
        if (arguments.command().isEmpty()) {
            Help.print(System.out, running.commands());
            return ExitCode.DONE.code();
        }
        Host.Command found = running.command(arguments.command())
                .orElseThrow(() -> new Problem(
                        Nearest.unknown("command", arguments.command(), known(running)) + "; do: ./kolotoc --help"));
        if (found.stoppable()) {
            interruption.stoppable(found.stopping());
            new PluginsFolder(home.resolve("plugins"), plugins).watch();
        }
        return found.run(arguments.rest());
    }

    private List<String> known(Host running) {
        List<String> known = Help.known(running.commands());
        new Features(home).onDemand().values().forEach(known::addAll);
        return known;
    }

    /** Who kills the script so that it can't tell must not leave this process running. */
    private void endWithTheScript() {
        if (Integer.getInteger(ExitCode.END, 0) > 0) {
            ProcessHandle.current().parent().ifPresent(script -> script.onExit().thenRun(interruption::abandoned));
        }
    }

    /** Those of every process, TornadoVM's where this JVM runs with it, the command's, and what the command line names. */
    private List<String> features() {
        return Stream.of(
                        ALWAYS,
                        Loaded.packages().isEmpty() ? List.<String>of() : List.of(TORNADO),
                        onDemand(),
                        arguments.features())
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** Those that bring the command that was typed, or every one where that lists all commands. */
    private List<String> onDemand() {
        String command = arguments.command();
        return new Features(home)
                .onDemand().entrySet().stream()
                        .filter(feature -> LISTS_ALL.contains(command)
                                || feature.getValue().contains(command))
                        .map(Map.Entry::getKey)
                        .toList();
    }

    /** Installs, resolves and starts the bundles of some features. */
    private void add(Host host, List<String> names) {
        Features features = new Features(home);
        host.add(names.stream().flatMap(name -> features.jars(name).stream()).toList());
    }

    /** Jars of features that were installed at run time, and those in the runtime's {@code plugins} folder, by name. */
    private List<Installed.Jar> droppedIn() {
        List<Installed.Jar> jars = new ArrayList<>();
        try {
            jars.addAll(new Installed(home.resolve("installed")).jars());
        } catch (Problem e) {
            // Told, and left at that: the command that mends it has to run.
            System.err.println("kolotoc: left out: " + e.getMessage());
        }
        inFolder().forEach(jar -> jars.add(Installed.Jar.of(jar)));
        return jars;
    }

    private List<Path> inFolder() {
        Path folder = home.resolve("plugins");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new Problem("folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What lies beside the runtime or in the user's own folder, and what the command line names: all of it holds. */
    private List<Policy> policies() {
        List<Path> files = new ArrayList<>(arguments.policies());
        Path user = Optional.ofNullable(System.getProperty("kolotoc.trusted"))
                .map(trusted -> Path.of(trusted).toAbsolutePath().getParent())
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".kolotoc"));
        Stream.of(home, user)
                .map(folder -> folder.resolve("policy.json"))
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .forEach(files::add);
        List<Policy> policies = new ArrayList<>();
        for (Path file : files) {
            try {
                policies.add(Policy.read(file));
            } catch (Distrust e) {
                throw new Problem("the policy " + file + " " + e.getMessage() + "; do: " + e.next(), e);
            }
        }
        return policies;
    }

    private static Map<String, String> properties() {
        Map<String, String> found = new TreeMap<>(Loaded.absences());
        String packages = Loaded.packages();
        if (!packages.isEmpty()) {
            found.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, packages);
        }
        for (String key : List.of("kolotoc.version", "kolotoc.home", "kolotoc.project", "kolotoc.debug")) {
            String value = System.getProperty(key);
            if (value != null) {
                found.put(key, value);
            }
        }
        return found;
    }

    private static String property(String key) {
        String value = System.getProperty(key);
        if (value == null) {
            throw new Problem("system property " + key + " is not set; start with ./kolotoc");
        }
        return value;
    }

    private void report(String what) {
        if (arguments.debug()) {
            ProcessHandle.current()
                    .info()
                    .startInstant()
                    .ifPresent(start -> System.err.printf(
                            "kolotoc: %s after %d ms%n", what, System.currentTimeMillis() - start.toEpochMilli()));
        }
    }
}
