package org.kolotoc.backend.tornado;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Whether this JVM was started with TornadoVM. */
public final class Sdk {
    private Sdk() {}

    public static boolean isThere() {
        return ModuleLayer.boot().findModule("tornado.api").isPresent();
    }

    /** Tests that need one; without, all of them are told as not evaluated. */
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @EnabledIf(value = "org.kolotoc.backend.tornado.Sdk#isThere", disabledReason = "not evaluated: no TornadoVM SDK")
    public @interface Needed {}
}
