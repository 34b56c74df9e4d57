package org.kolotoc.engine.experiment;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.util.Optional;
import java.util.regex.Pattern;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * Which versions of a plugin will do.
 *
 * @param text as a person wrote it: {@code 1.2} for every 1.2.x, {@code 1.2.0} for that one whatever its qualifier,
 *     {@code [1.2,2)} for a range as OSGi writes it; empty for any
 */
public record Versions(String text) {
    /** The field of a seat that says it. */
    public static final String FIELD = "pluginVersion";

    /** What a value of it has to be, in words. */
    static final String EXPECTED = "a version in quotes (\"1.2\" is every 1.2.x) or a range of them (\"[1.2,2)\")";

    /** The same as a regular expression; what it lets pass may still be no range. */
    static final String PATTERN = "^(\\d{1,9}(\\.\\d{1,9}){0,2}|\\d{1,9}(\\.\\d{1,9}){2}\\.[\\w-]+|[\\[(].*[\\])])$";

    /** Any will do. */
    public static final Versions ANY = new Versions("");

    private static final Pattern BEGINNING = Pattern.compile("\\d{1,9}(\\.\\d{1,9}){0,2}");

    /** Versions that a text names; nothing where it is none, or names none. */
    public static Optional<Versions> of(String text) {
        try {
            boolean some =
                    !text.isEmpty() && text.matches(PATTERN) && !range(text).isEmpty();
            return some ? Optional.of(new Versions(text)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** What a field says, any where there is none; nothing where it is no version. */
    public static Optional<Versions> read(JsonElement field) {
        return field == null
                ? Optional.of(ANY)
                : field instanceof JsonPrimitive value && !value.isBoolean()
                        ? of(value.getAsString())
                        : Optional.empty();
    }

    /** That very version. */
    public static Versions exactly(Version version) {
        return new Versions("[" + version + "," + version + "]");
    }

    public boolean isAny() {
        return text.isEmpty();
    }

    public boolean has(Version version) {
        return isAny() || range(text).includes(version);
    }

    private static VersionRange range(String text) {
        if (text.startsWith("[") || text.startsWith("(")) {
            return VersionRange.valueOf(text);
        }
        Version low = Version.parseVersion(text);
        if (!BEGINNING.matcher(text).matches()) {
            return new VersionRange(VersionRange.LEFT_CLOSED, low, low, VersionRange.RIGHT_CLOSED);
        }
        Version high = switch (text.split("\\.").length) {
            case 1 -> new Version(low.getMajor() + 1, 0, 0);
            case 2 -> new Version(low.getMajor(), low.getMinor() + 1, 0);
            default -> new Version(low.getMajor(), low.getMinor(), low.getMicro() + 1);
        };
        return new VersionRange(VersionRange.LEFT_CLOSED, low, high, VersionRange.RIGHT_OPEN);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
