package org.kolotoc.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The folder of plugins while a command goes on that takes its time: a jar that is put there is plugged in once it is whole
 * and nobody writes it any more, or left out with the reason. What is plugged in already is not exchanged: somebody may be
 * using it.
 */
final class PluginsFolder {
    private static final Duration BETWEEN = Duration.ofMillis(500);

    /** Looks after which a jar that does not get whole, and is not written either, is refused. */
    private static final int PATIENCE = 10;

    private final Path folder;
    private final Plugins plugins;
    private final Map<Path, Seen> seen = new HashMap<>();
    private final Set<Path> plugged = new HashSet<>();

    /**
     * A jar as it was when somebody looked.
     *
     * @param looks for how many it has been so
     * @param done whether it was plugged in or refused so
     */
    private record Seen(long size, long time, int looks, boolean done) {
        boolean isSame(Seen other) {
            return size == other.size && time == other.time;
        }
    }

    PluginsFolder(Path folder, Plugins plugins) {
        this.folder = folder;
        this.plugins = plugins;
        // What lies there now was looked at when the host started.
        jars().forEach(jar -> seen.put(jar, at(jar, 0, true)));
        seen.keySet().stream().filter(plugins::isUsed).forEach(plugged::add);
    }

    /** Looks from time to time, as long as the process lives. */
    void watch() {
        Thread.ofPlatform().daemon().name("folder of plugins").start(() -> {
            try {
                while (true) {
                    Thread.sleep(BETWEEN);
                    look();
                }
            } catch (InterruptedException _) {
                // The process ends.
            }
        });
    }

    private void look() {
        for (Path jar : jars()) {
            Seen before = seen.get(jar);
            Seen now = at(jar, 0, false);
            if (before == null || !before.isSame(now)) {
                seen.put(jar, now);
            } else if (!before.done()) {
                boolean ready = isWhole(jar) || before.looks() == PATIENCE;
                if (ready) {
                    take(jar);
                }
                seen.put(jar, new Seen(now.size(), now.time(), before.looks() + 1, ready));
            }
        }
        seen.keySet().removeIf(jar -> !Files.exists(jar));
    }

    private void take(Path jar) {
        if (plugged.contains(jar)) {
            System.err.println("kolotoc: the jar " + jar + " was changed; what runs keeps the bundle as it was\n"
                    + "  do: put the new one there under another name, or start the command again");
        } else if (plugins.drop(jar)) {
            plugged.add(jar);
        }
    }

    private static boolean isWhole(Path jar) {
        try (ZipFile _ = new ZipFile(jar.toFile())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static Seen at(Path jar, int looks, boolean done) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
            return new Seen(attributes.size(), attributes.lastModifiedTime().toMillis(), looks, done);
        } catch (IOException _) {
            return new Seen(-1, -1, looks, done);
        }
    }

    private List<Path> jars() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException _) {
            // It may be made later.
            return List.of();
        }
    }
}
