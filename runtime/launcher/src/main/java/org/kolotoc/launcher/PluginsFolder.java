package org.kolotoc.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The folder of plugins while a command goes on that takes its time: a jar that is put there is plugged in once it is whole
 * and nobody writes it any more, or left out with the reason. The bundle of one that is changed or taken away goes once
 * nobody uses it.
 */
final class PluginsFolder {
    private static final Duration BETWEEN = Duration.ofMillis(500);

    /** Looks after which a jar that does not get whole, and is not written either, is refused. */
    private static final int PATIENCE = 10;

    private final Path folder;
    private final Plugins plugins;
    private final Map<Path, Seen> seen = new HashMap<>();

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
                boolean ready = isWhole(jar) || before.looks() >= PATIENCE;
                boolean taken = ready && plugins.takeOut(jar, "was changed");
                if (taken) {
                    plugins.drop(jar);
                }
                seen.put(jar, new Seen(now.size(), now.time(), before.looks() + 1, taken));
            }
        }
        seen.keySet().removeIf(jar -> !Files.exists(jar) && plugins.takeOut(jar, "is gone"));
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
