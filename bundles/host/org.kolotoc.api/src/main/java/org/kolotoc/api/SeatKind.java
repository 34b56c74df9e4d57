package org.kolotoc.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes an interface a kind of seat. It extends {@link Plugin} and lies in a package that its bundle exports; plugins of any
 * bundle that implement it and say so with {@link Seat} fill seats of that kind. There is no list of kinds: a bundle may
 * bring one of its own.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface SeatKind {
    /** Lower-case name, as in {@link Seat#kind()}. */
    String value();

    /** One line for people who look for a plugin of this kind. */
    String summary();

    /**
     * Fields of the seat's JSON that whoever reads it keeps for itself; no settings record of a plugin of this kind may have
     * one. {@code id} is kept for every kind.
     */
    String[] reserved() default {};
}
