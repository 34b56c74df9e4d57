package org.kolotoc.author;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.author.build.Bundler;
import org.kolotoc.author.build.Outcome;
import org.kolotoc.author.build.PluginProject;
import org.kolotoc.author.build.Sources;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.fill.Seats;
import org.osgi.framework.BundleException;

/** Builds a plugin, plugs it in, and hands it to a run: once, or whenever it was saved. */
final class DevLoop {
    /** Each build has a version of its own, above those before. */
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("'dev'uuuuMMddHHmmssSSS");

    private final Path folder;
    private final Bundler bundler;
    private final PluggedIn plugged;
    private final PrintStream out;

    DevLoop(Path folder, Bundler bundler, PluggedIn plugged, PrintStream out) {
        this.folder = folder;
        this.bundler = bundler;
        this.plugged = plugged;
        this.out = out;
    }

    /**
     * Builds the jar that Maven would.
     *
     * @return whether it can be used
     */
    boolean once() throws IOException {
        PluginProject project = PluginProject.read(folder);
        return build(project, project.jar(), "").isPresent();
    }

    /**
     * Goes on until somebody stops it.
     *
     * @param runs what computes with the plugin; nothing if it is to be built alone
     */
    void turn(Optional<Runs> runs, BooleanSupplier stop) throws IOException, InterruptedException {
        clear();
        Sources sources = new Sources(PluginProject.read(folder));
        do {
            Optional<Path> jar = tried();
            if (jar.isPresent() && (runs.isEmpty() || runs.get().take(plugged.seats(), jar.get()))) {
                plugged.letGo();
            }
        } while (sources.awaitSave(stop));
        if (runs.isPresent()) {
            runs.get().end();
        }
    }

    /** One more build; what a person did wrong is said, and may be mended. */
    private Optional<Path> tried() {
        try {
            PluginProject project = PluginProject.read(folder);
            String qualifier = MOMENT.format(LocalDateTime.now());
            Path jar = builds().resolve(project.name() + "-" + qualifier + ".jar");
            return build(project, jar, qualifier);
        } catch (InputError | IOException e) {
            out.println(Failure.of(e).text());
            return Optional.empty();
        }
    }

    private Path builds() {
        return folder.resolve("target/dev");
    }

    /** Takes away what an earlier process built. */
    private void clear() throws IOException {
        if (Files.isDirectory(builds())) {
            try (Stream<Path> list = Files.list(builds())) {
                for (Path jar :
                        list.filter(file -> file.toString().endsWith(".jar")).toList()) {
                    Files.delete(jar);
                }
            }
        }
    }

    private Optional<Path> build(PluginProject project, Path jar, String qualifier) throws IOException {
        long began = System.nanoTime();
        boolean before = !plugged.seats().isEmpty();
        Outcome outcome = bundler.build(project, jar, qualifier);
        outcome.said().forEach(out::println);
        List<String> wrong = outcome.isBuilt() ? plug(jar) : List.of();
        wrong.forEach(out::println);
        if (!outcome.isBuilt() || !wrong.isEmpty()) {
            out.println(project.name() + ": not built" + (before ? "; the build before stays" : ""));
            return Optional.empty();
        }
        out.println(project.name() + ": "
                + plugged.seats().stream().map(DevLoop::name).collect(Collectors.joining(", ")) + " can be used, "
                + jar + ", " + String.format(Locale.ROOT, "%.2f s", (System.nanoTime() - began) / 1e9));
        return Optional.of(jar);
    }

    private static String name(Seats.Installed seat) {
        return seat.kind() + " '" + seat.id() + "'";
    }

    private List<String> plug(Path jar) {
        try {
            return plugged.replace(jar);
        } catch (BundleException e) {
            return List.of(jar + " can't be plugged in: " + e.getMessage());
        }
    }
}
