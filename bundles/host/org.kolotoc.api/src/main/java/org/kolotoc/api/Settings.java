package org.kolotoc.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;

/**
 * How a seat describes its part of an experiment: a record whose components are the JSON fields. Allowed component
 * types are {@code int}, {@code long}, {@code double}, {@code boolean}, {@code String}, enums (lower-case in JSON),
 * further such records, what another plugin makes ({@link Filled}), and {@code List}s and {@code Map}s (by name) of these.
 * The engine fills the record and refuses unknown fields, wrong types and values out of range before anything is computed;
 * {@code kolotoc schema} prints the JSON Schema of it.
 */
public final class Settings {
    private Settings() {}

    /**
     * Which settings a plugin's class says it takes, by the argument that it gives {@link Plugin}. None of its code runs.
     *
     * @return the record; nothing where the class leaves it open
     */
    public static Optional<Class<? extends Record>> of(Class<?> plugin) {
        return SettingsType.of(plugin);
    }

    /** The value of an absent field, as JSON text; without it the field is required. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
    public @interface Default {
        String value();
    }

    /** Inclusive bounds of a number. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
    public @interface Range {
        double min() default Double.NEGATIVE_INFINITY;

        double max() default Double.POSITIVE_INFINITY;
    }

    /** One line about the field, with its unit. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
    public @interface Help {
        String value();
    }

    /** The field changes how much memory is taken; named to who has too little of it. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
    public @interface Memory {}

    /**
     * A seat inside the settings: in JSON an object with the {@code "id"} of a plugin and that plugin's own fields; here what
     * the plugin made of them, or a list or a map of such.
     */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
    public @interface Filled {
        /** The interface of the kind of seat, a {@link Family}. */
        @SuppressWarnings("rawtypes")
        Class<? extends Plugin> value();
    }

    /** The record of a seat without settings. */
    public record None() {}
}
