package org.kolotoc.engine.plan;

import org.kolotoc.engine.need.Reason;

/**
 * Whether something that was installed, or was to be, can be used.
 *
 * @param subject {@code model 'gpt'}, {@code bundle hello 1.0.0}, or the file of a jar
 * @param reason why, as far as it is known
 */
public record Standing(String subject, boolean usable, Reason reason) {}
