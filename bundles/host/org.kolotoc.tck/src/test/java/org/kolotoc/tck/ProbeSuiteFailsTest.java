package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.Settings;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.api.probe.Reading;
import org.kolotoc.tensor.Functions;
import org.opentest4j.AssertionFailedError;

/** The negative controls of the probes' suite: one that breaks a promise fails the test of that promise. */
class ProbeSuiteFailsTest {
    @FunctionalInterface
    private interface Looking {
        Optional<Reading> at(ProbeContext context);
    }

    private record Bad(Looking looking) implements Probe<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public Optional<Reading> prepare(Settings.None settings, ProbeContext context) {
            return looking.at(context);
        }
    }

    private static ProbeConformance<Settings.None> suite(Looking looking) {
        return new ProbeConformance<>() {
            @Override
            protected Probe<Settings.None> probe() {
                return new Bad(looking);
            }

            @Override
            protected Settings.None settings() {
                return new Settings.None();
            }

            @Override
            protected Stream<Refused<Settings.None>> refused() {
                return Stream.of(new Refused<>(new Settings.None(), "depth"));
            }
        };
    }

    private static ProbeConformance<Settings.None> reading(Reading reading) {
        return suite(_ -> Optional.of(reading));
    }

    private static void fails(Executable test) {
        assertThrows(AssertionFailedError.class, test);
    }

    @Test
    void itFindsNothing() {
        fails(suite(_ -> Optional.empty())::itReadsNumbersThatAreFiniteAndHaveNames);
    }

    @Test
    void itReadsNothing() {
        fails(reading((_, _) -> {})::itReadsNumbersThatAreFiniteAndHaveNames);
    }

    @Test
    void itDividesByNothing() {
        fails(reading((_, out) -> out.put("ratio", 0.0 / 0.0))::itReadsNumbersThatAreFiniteAndHaveNames);
    }

    @Test
    void itHasNoName() {
        fails(reading((_, out) -> out.put(" ", 1))::itReadsNumbersThatAreFiniteAndHaveNames);
    }

    @Test
    void itCounts() {
        AtomicInteger count = new AtomicInteger();
        fails(reading((_, out) -> out.put("count", count.getAndIncrement()))::theSameIsReadAgain);
        fails(reading((_, out) -> out.put("count", count.getAndIncrement()))::eachLookIsOfItsOwn);
    }

    @Test
    void itInvents() {
        fails(reading((_, out) -> out.put("norm", 1))::otherValuesAreReadAsOthers);
    }

    @Test
    void itNamesThingsAnew() {
        AtomicInteger count = new AtomicInteger();
        fails(reading((_, out) -> out.put("norm" + count.getAndIncrement(), 1))::theNamesStayWhatTheyAre);
    }

    /** It takes for granted what a step of training has. */
    @Test
    void itNeedsALoss() {
        ProbeConformance<Settings.None> suite = suite(context -> {
            var first = context.values().gradients().values().iterator().next();
            context.output("norm", Functions.norm(context.of(first)));
            return Optional.of((observed, out) -> out.put("norm", observed.scalar("norm")));
        });
        suite.otherValuesAreReadAsOthers();
        assertThrows(java.util.NoSuchElementException.class, suite::aProgramThatHasNothingOfItIsNoFailure);
    }

    @Test
    void itTakesSettingsThatDoNotFit() {
        fails(() -> reading((_, _) -> {})
                .settingsThatDoNotFitAreRefusedByField()
                .findFirst()
                .orElseThrow()
                .getExecutable()
                .execute());
    }
}
