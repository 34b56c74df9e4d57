package org.kolotoc.engine.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Plugin;
import org.kolotoc.api.Seat;
import org.kolotoc.api.SeatKind;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Training;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.engine.experiment.Versions;

/** Kinds of seats that nobody has a list of: an interface says so, and plugins of any bundle fill them. */
final class SeatsTest {
    /** A kind that the engine has never heard of. */
    @SeatKind(value = "flavour", summary = "how it tastes", reserved = "salt")
    interface Flavour<S extends Record> extends Plugin<S> {}

    record Strength(double strength) {}

    /** A plugin of a kind through an interface of its own. */
    interface OfStrength extends Flavour<Strength> {}

    record Sweet() implements OfStrength {
        @Override
        public Class<Strength> settings() {
            return Strength.class;
        }
    }

    record Sour() implements Flavour<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }
    }

    record Salt(double salt) {}

    record Salty() implements Flavour<Salt> {
        @Override
        public Class<Salt> settings() {
            return Salt.class;
        }
    }

    record Named(String id) {}

    record Known() implements Flavour<Named> {
        @Override
        public Class<Named> settings() {
            return Named.class;
        }
    }

    /** An interface that is a plugin's, but no kind. */
    interface Unmarked<S extends Record> extends Plugin<S> {}

    record Plain() implements Unmarked<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }
    }

    /** Fields that an experiment itself reads of a phase. */
    record Inside(String optimizer) {}

    record Around(int adapter) {}

    record Kept<S extends Record>(Class<S> settings) implements Phase<S> {
        @Override
        public Needs needs(S own) {
            return Needs.none();
        }

        @Override
        public List<Measure> measures(S own) {
            return List.of();
        }

        @Override
        public Training prepare(S own, PhaseContext context) {
            throw new AssertionError("nothing is prepared to list it");
        }
    }

    private final TestFramework framework = new TestFramework()
            .seat("flavour", "sour", new Sour(), "acme.sour")
            .seat("flavour", "sweet", new Sweet(), "acme.sweet");

    private Seats seats() {
        return new Seats(framework.context());
    }

    private static String refused(Runnable use) {
        return assertThrows(InputError.class, use::run).getMessage();
    }

    @Test
    void aKindOfAnotherBundleIsListedAndFilledAsAnyOther() {
        Object sour = new Sour();
        framework.seat("flavour", "sourer", sour, "acme.sourer");
        assertEquals(
                List.of("flavour sour ready", "flavour sourer ready", "flavour sweet ready"),
                seats().examined().stream()
                        .map(p -> p.kind() + " " + p.id() + " " + p.state())
                        .toList());
        assertSame(sour, seats().get(Flavour.class, "sourer").plugin());
        assertEquals(
                "the flavour 'sourer' (bundle acme.sourer 1.0.0)",
                seats().get(Flavour.class, "sourer").occupant().toString());
        assertEquals(
                Map.of(
                        "flavour",
                        Map.of("sour", Settings.None.class, "sourer", Settings.None.class, "sweet", Strength.class)),
                seats().settings(_ -> {}));
    }

    @Test
    void whatIsNotThereIsToldAsOfAnyKind() {
        framework.unresolved("flavour", "bitter", "acme.bitter", "acme.herbs", "2.0.0");
        String unknown = refused(() -> seats().get(Flavour.class, "swet"));
        assertTrue(unknown.contains("there is no flavour 'swet'; did you mean 'sweet'?"), unknown);
        assertTrue(unknown.contains("(installed: bitter, sour, sweet)"), unknown);
        String unresolved = refused(() -> seats().get(Flavour.class, "bitter"));
        assertTrue(unresolved.contains("it needs package acme.herbs, version 2.0.0"), unresolved);
        framework.seat("flavour", "sour", new Sour(), "acme.again");
        String twice = refused(() -> seats().get(Flavour.class, "sour"));
        assertTrue(twice.contains("two bundles offer the flavour 'sour': acme.sour 1.0.0 and acme.again 1.0.0"), twice);
    }

    @Test
    void whatIsOfAnotherKindThanItSaysIsBroken() {
        framework.seat("flavor", "late", new Sour(), "acme.late").seat("colour", "red", new Plain(), "acme.red");
        assertEquals(
                List.of("colour red broken", "flavor late broken"),
                seats().installed().stream()
                        .filter(p -> !p.kind().equals("flavour"))
                        .map(p -> p.kind() + " " + p.id() + " " + p.state())
                        .toList());
        assertThrows(IllegalArgumentException.class, () -> seats().get(Unmarked.class, "red"));
    }

    @Test
    void aSettingsFieldThatTheKindKeepsForItselfIsRefused() {
        framework
                .seat("flavour", "salty", new Salty(), "acme.salty")
                .seat("flavour", "known", new Known(), "acme.known");
        List<String> leftOut = new ArrayList<>();
        assertEquals(
                List.of("sour", "sweet"),
                List.copyOf(seats().settings(leftOut::add).get("flavour").keySet()));
        assertEquals(2, leftOut.size());
        assertTrue(
                leftOut.get(1)
                        .contains("the flavour 'salty' (bundle acme.salty 1.0.0) has a field 'salt' in its settings"
                                + " record "
                                + Salt.class.getName()
                                + ", but a flavour keeps id, pluginVersion, salt for itself"),
                leftOut.get(1));
        assertTrue(leftOut.get(0).contains("has a field 'id'"), leftOut.get(0));
    }

    @Test
    void aPhaseThatCallsAFieldLikeASeatInsideOfItIsBroken() {
        framework
                .seat(Seat.PHASE, "inside", new Kept<>(Inside.class), "acme.inside")
                .seat(Seat.PHASE, "around", new Kept<>(Around.class), "acme.around");
        List<String> leftOut = new ArrayList<>();
        assertEquals(Map.of(), seats().settings(leftOut::add).get(Seat.PHASE));
        assertTrue(
                leftOut.get(0).contains("the phase 'around' (bundle acme.around 1.0.0) has a field 'adapter'"),
                leftOut.get(0));
        assertTrue(leftOut.get(1).contains("has a field 'optimizer'"), leftOut.get(1));
        assertTrue(leftOut.get(1).contains("give the field another name"), leftOut.get(1));
    }

    private SeatName flavour(String versions) {
        return new SeatName("flavour", "mild", Versions.of(versions).orElseThrow());
    }

    /** Two versions that are there at once. */
    private Seats mild(Object one, Object two) {
        framework.seat("flavour", "mild", one, "acme.mild", "1.2.3").seat("flavour", "mild", two, "acme.mild", "2.0.0");
        return seats();
    }

    @Test
    void aSeatMaySayWhichVersionsWillDoAndTakesTheHighestOfThese() {
        Object old = new Sour();
        Object newer = new Sour();
        framework.seat("flavour", "mild", new Sour(), "acme.mild", "1.2.0");
        Seats seats = mild(old, newer);
        assertSame(newer, seats.get(Flavour.class, "mild").plugin());
        assertSame(old, seats.get(Flavour.class, flavour("1.2")).plugin());
        assertSame(old, seats.get(Flavour.class, flavour("[1,2)")).plugin());
        assertSame(newer, seats.get(Flavour.class, flavour("(1.2.3,3]")).plugin());
    }

    @Test
    void twoSeatsOfAnExperimentMayTakeTwoVersions() {
        mild(new Sour(), new Sour());
        Leases leases = Leases.free();
        Seats seats = seats().leased(leases);
        seats.get(Flavour.class, flavour("1"));
        seats.get(Flavour.class, "mild");
        assertEquals(
                Map.of("flavour 'mild' 1", "1.2.3", "flavour 'mild'", "2.0.0"),
                leases.filled().entrySet().stream()
                        .collect(java.util.stream.Collectors.toMap(
                                entry -> entry.getKey().toString(),
                                entry -> entry.getValue().getVersion().toString())));
        Seats again = seats().leased(new Leases(leases.filled()));
        assertEquals(
                "1.2.3",
                again.get(Flavour.class, flavour("1"))
                        .occupant()
                        .bundle()
                        .bundle()
                        .getVersion()
                        .toString());
    }

    @Test
    void aVersionThatNobodyOffersIsRefusedWithThoseThatAreThere() {
        Seats seats = mild(new Sour(), new Sour());
        InputError refused = assertThrows(InputError.class, () -> seats.get(Flavour.class, flavour("[3,4)")));
        assertEquals(
                "no version \"[3,4)\" of the flavour 'mild' is plugged in; there are acme.mild 1.2.3, acme.mild 2.0.0",
                refused.getMessage());
        assertEquals(
                "plug one in: --plugin <file.jar>; or take one that is there: \"pluginVersion\": \"2.0.0\"",
                refused.next());
        SeatName unknown = new SeatName("flavour", "midl", Versions.of("1").orElseThrow());
        assertTrue(refused(() -> seats.get(Flavour.class, unknown)).startsWith("there is no flavour 'midl'"));
    }

    @Test
    void ofSeveralVersionsOneIsTheDefault() {
        assertEquals(
                List.of("mild 1.2.3 false", "mild 2.0.0 true", "sour 1.0.0 true", "sweet 1.0.0 true"),
                mild(new Sour(), new Sour()).examined().stream()
                        .map(p -> p.id() + " " + p.version() + " " + p.byDefault())
                        .toList());
        framework.seat("flavour", "mild", new Sour(), "another.mild", "3.0.0");
        assertEquals(
                List.of(false, false, false),
                seats().examined().stream()
                        .filter(p -> p.id().equals("mild"))
                        .map(Seats.Installed::byDefault)
                        .toList(),
                "bundles of several names: nobody can tell which");
    }
}
