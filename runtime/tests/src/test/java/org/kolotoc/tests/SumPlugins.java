package org.kolotoc.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Versions of a phase {@code sum} that add to a tensor of their own, each its own amounts, with the help of a bundle {@code lib}. */
final class SumPlugins {
    private static final String LIBRARY = """
        public class Odd {
            public static float amount(long index) {
                return %s * (index + 1);
            }
        }
        """;

    private static final String PHASE = """
        import java.util.*;
        import org.kolotoc.api.*;
        import org.kolotoc.tensor.*;

        public class Odd implements Phase<Settings.None> {
            /** What a class keeps is no part of a state. */
            static final java.util.concurrent.atomic.AtomicInteger STEPS =
                    new java.util.concurrent.atomic.AtomicInteger();

            public Class<Settings.None> settings() {
                return Settings.None.class;
            }

            public Needs needs(Settings.None settings) {
                return Needs.none();
            }

            public List<Measure> measures(Settings.None settings) {
                return List.of(Measure.step("sum", "", Measure.Better.NEITHER));
            }

            public Training prepare(Settings.None settings, PhaseContext context) {
                context.state().declare("sum", List.of(Parameter.of("value", Initializer.ZEROS, 1)));
                Buffer sum = context.state().buffer("sum/value");
                return Training.of(List.of(), (index, out) -> {
                    float[] value = new float[1];
                    sum.read(0, value);
                    value[0] += hostile.lib.Odd.amount(index) + %s;
                    sum.write(0, value);
                    out.put("sum", value[0]);
                }, out -> {});
            }
        }
        """;

    private SumPlugins() {}

    /**
     * Compiles a version.
     *
     * @param added by it at each step, besides what the library says; an expression, which may use a static
     *     {@code STEPS}
     * @return the jars of {@code sum} and {@code lib}
     */
    static Map<String, Path> version(Path folder, String version, String factor, String added) throws IOException {
        return new HostilePlugins(Files.createDirectories(folder))
                .source("lib", LIBRARY.formatted(factor))
                .header("lib", "Export-Package", "hostile.lib")
                .header("lib", "Import-Package", "")
                .source("sum", PHASE.formatted(added))
                .seat("sum", "phase", "Phase", false)
                .header("sum", "Bundle-Version", version)
                .header("sum", "Import-Package", "org.kolotoc.api,org.kolotoc.tensor,hostile.lib")
                .build();
    }
}
