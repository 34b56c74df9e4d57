package org.kolotoc.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of seat inside the settings of another: a plugin that makes something of its settings and is not seen again. A
 * settings record has the thing itself as a component, marked with {@link Settings.Filled}:
 *
 * <pre>
 * &#64;SeatKind(value = "schedule", summary = "learning rates by step")
 * public interface ScheduleFamily&lt;S extends Record&gt; extends Family&lt;S, Schedule&gt; {}
 *
 * public record Plan(&#64;Settings.Filled(ScheduleFamily.class) Schedule schedule) {}
 * </pre>
 *
 * @param <S> the settings record, see {@link Settings}
 * @param <T> what it makes
 */
@ConsumerType
public interface Family<S extends Record, T> extends Plugin<S> {
    /**
     * Makes it; computes nothing and opens nothing, since it may be made only to look whether an experiment is sound.
     *
     * @throws InputError naming the field, when values don't fit each other
     */
    T create(S settings);
}
