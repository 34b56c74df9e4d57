package org.kolotoc.engine.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.engine.ledger.LedgerFile;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Disk;
import org.kolotoc.engine.state.Listing;
import org.kolotoc.engine.state.StepFolder;

/** What came after the step that a run goes on from: {@code superseded/<time>}. */
final class Superseded {
    /** How much of what was set aside is named. */
    private static final int NAMED = 5;

    private final Path run;
    private final Disk disk;

    Superseded(Path run, Disk disk) {
        this.run = run;
        this.disk = disk;
    }

    /**
     * Moves it there, the last first, so that whenever this ends the newest checkpoint that is left has all that came
     * before it.
     *
     * @param anew whether the run gets another verdict even if nothing came after the step
     * @param metrics whether lines of metrics come after it
     * @return what was moved and where, or empty
     */
    Optional<String> set(long step, boolean anew, boolean metrics) throws IOException {
        List<Path> later = new ArrayList<>();
        for (String part : List.of(Checkpoints.FOLDER, RunFolder.SAMPLES)) {
            later.addAll(after(step, run.resolve(part)));
        }
        boolean back = !later.isEmpty();
        if ((back || anew) && isThere(run.resolve(RunFolder.VERDICT))) {
            Stream.of(RunFolder.VERDICT, RunFolder.REPORT)
                    .map(run::resolve)
                    .filter(Superseded::isThere)
                    .forEach(later::add);
        }
        boolean copied = (back || metrics) && isThere(run.resolve(MetricsReader.FILE));
        if (later.isEmpty() && !copied) {
            return Optional.empty();
        }
        disk.needFolder(run.resolve(RunFolder.SUPERSEDED));
        Path aside = RunFolder.free(run.resolve(RunFolder.SUPERSEDED).resolve(RunFolder.stamp()));
        disk.makeFolder(aside);
        if (copied) {
            Atomic.copy(disk, run.resolve(MetricsReader.FILE), aside.resolve(MetricsReader.FILE));
        }
        if (back && isThere(run.resolve(LedgerFile.FILE))) {
            Atomic.copy(disk, run.resolve(LedgerFile.FILE), aside.resolve(LedgerFile.FILE));
        }
        if (isThere(run.resolve(ProbesLog.FILE))) {
            Atomic.copy(disk, run.resolve(ProbesLog.FILE), aside.resolve(ProbesLog.FILE));
            ProbesLog.keep(disk, run, step);
        }
        Set<Path> changed = new LinkedHashSet<>(List.of(run.resolve(RunFolder.SUPERSEDED), aside));
        for (Path file : later.reversed()) {
            Path target = aside.resolve(run.relativize(file));
            disk.needFolder(target.getParent());
            disk.rename(file, target);
            changed.add(target.getParent());
            changed.add(file.getParent());
        }
        for (Path folder : changed) {
            disk.forceFolder(folder);
        }
        List<String> names = new ArrayList<>(
                later.stream().map(file -> run.relativize(file).toString()).toList());
        if (names.isEmpty()) {
            names.add("lines of " + MetricsReader.FILE);
        }
        return Optional.of("set aside what came after step " + step + ": "
                + String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "") + " (now in " + aside + ")");
    }

    private static List<Path> after(long step, Path folder) throws IOException {
        return Listing.of(folder).stream()
                .filter(file -> StepFolder.step(file).orElse(-1) > step)
                .sorted(StepFolder.BY_STEP)
                .toList();
    }

    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }
}
