package org.kolotoc.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Names a plugin: {@code @Component @Seat(kind = Seat.MODEL, id = "gpt", summary = "...")}. The same id is the service
 * property, the capability in the bundle's manifest, the {@code "id"} in an experiment and the name that
 * {@code kolotoc list} prints.
 */
@ComponentPropertyType
@Capability(
        namespace = Seat.NAMESPACE,
        attribute = {"kind=${#kind}", "id=${#id}", "summary='${#summary}'"})
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Seat {
    String PREFIX_ = "kolotoc.seat.";

    /** Namespace of the manifest capability. */
    String NAMESPACE = "kolotoc.seat";

    // Kinds of this package; others may be brought by any bundle.

    String MODEL = "model";
    String PHASE = "phase";
    String DATA = "data";
    String TOKENIZER = "tokenizer";
    String SAMPLER = "sampler";
    String DECODER = "decoder";
    String METRIC = "metric";
    String OPTIMIZER = "optimizer";
    String ADAPTER = "adapter";
    String COMMAND = "command";

    /** Which seat: the name that the interface it implements has in its {@link SeatKind}. */
    String kind();

    /** Lower-case name, unique among the seats of its kind. */
    String id();

    /** One line for {@code kolotoc list}. */
    String summary() default "";
}
