package org.kolotoc.engine.experiment;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The {@link SeatRef} in a record about a seat: the id, and all fields that are none of the record's other components. They
 * are for the plugin's own settings.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Rest {
    /** The id where the file names none; empty where it has to. */
    String id() default "";
}
