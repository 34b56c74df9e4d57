package org.kolotoc.engine.state;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Names of folders that belong to a step: {@code step-00000250}, whatever digits the locale has. */
public final class StepFolder {
    private static final String PREFIX = "step-";

    /** No more digits than a {@code long} takes. */
    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9]{8,18}");

    /** Folders in the order of their steps, which that of their names is up to eight digits; others first. */
    public static final Comparator<Path> BY_STEP =
            Comparator.comparingLong(folder -> step(folder).orElse(-1));

    private StepFolder() {}

    public static String name(long step) {
        return PREFIX + String.format(Locale.ROOT, "%08d", step);
    }

    /** The step of a folder with such a name; empty where it is another. */
    public static OptionalLong step(Path folder) {
        return step(folder.getFileName().toString());
    }

    static OptionalLong step(String name) {
        return NAME.matcher(name).matches()
                ? OptionalLong.of(Long.parseLong(name.substring(PREFIX.length())))
                : OptionalLong.empty();
    }
}
