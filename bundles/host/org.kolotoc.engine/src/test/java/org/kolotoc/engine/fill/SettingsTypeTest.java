package org.kolotoc.engine.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Training;

/** Which settings a class says it takes, however it comes to be a plugin; none of its code runs. */
final class SettingsTypeTest {
    record Plan(int width) {}

    /** Leaves its settings open. */
    static class Open<A, S extends Record> implements Phase<S> {
        static final int PART = Integer.parseInt("none");

        @Override
        public Class<S> settings() {
            throw new IllegalStateException("this runs");
        }

        @Override
        public List<Measure> measures(S settings) {
            return List.of();
        }

        @Override
        public Needs needs(S settings) {
            return Needs.none();
        }

        @Override
        public Training prepare(S settings, PhaseContext context) {
            return null;
        }
    }

    static class Swapped<S extends Record, A> extends Open<A, S> {}

    interface OfPlan extends Phase<Plan> {}

    abstract static class ByInterface implements Runnable, OfPlan {}

    static final class Fixed extends Swapped<Plan, String> {}

    static final class Below extends ByInterfaceToo {}

    static class ByInterfaceToo extends Open<String, Plan> implements OfPlan {}

    @SuppressWarnings("rawtypes")
    static final class Raw extends Open {}

    @Test
    void itIsFoundThroughClassesAndInterfaces() {
        for (Class<?> type : List.of(ByInterface.class, Fixed.class, Below.class, ByInterfaceToo.class)) {
            assertEquals(Optional.of(Plan.class), Settings.of(type), type.getName());
        }
    }

    @Test
    void whatAClassLeavesOpenIsNotGuessed() {
        for (Class<?> type : List.of(Open.class, Swapped.class, Raw.class, String.class)) {
            assertEquals(Optional.empty(), Settings.of(type), type.getName());
        }
    }
}
