package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.api.claim.ClaimFamily;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.api.claim.Finding.Verdict;
import org.kolotoc.api.claim.Trial;

/** The negative controls of the claims' suite: one that breaks a promise fails the test of that promise. */
class ClaimSuiteFailsTest {
    private static final String LOSS = "loss";

    /** Each of these many pairs has to be won. */
    private static final int FEWEST = 6;

    private record Asked(String favours) {}

    private record Other(int size) {}

    /** What a claim does wrong, and the test that says so. */
    private enum Fault {
        NONE(ClaimConformance::settingsAreARecordOfTheFamily),
        HAS_OTHER_SETTINGS(ClaimConformance::settingsAreARecordOfTheFamily),
        TAKES_EVERYTHING(ClaimConformance::settingsThatDoNotFitAreRefused),
        FAVOURS_THE_FIRST(ClaimConformance::itIsGoodForTheSideThatItsSettingsName),
        HIDES_THE_OTHER_SIDE(ClaimConformance::itsTextNamesBothSides),
        IS_NEVER_REFUTED(ClaimConformance::itIsConfirmedAndRefutedWhereTheRunsChangePlaces),
        IS_ALWAYS_OPEN(ClaimConformance::itIsConfirmedAndRefutedWhereTheRunsChangePlaces),
        /** By the names of the sides, not by what it was told. */
        LOOKS_AT_PLACES(ClaimConformance::whatIsGoodForTheOtherSideIsRefutedBySuchRuns),
        HAS_AN_INTERVAL_AT_NOTHING(ClaimConformance::whatConfirmsItIsAnIntervalBeyondWhatIsAsked),
        HAS_NO_UNIT(ClaimConformance::whatConfirmsItIsAnIntervalBeyondWhatIsAsked),
        TELLS_VALUES_OF_ONE_SIDE(ClaimConformance::whatWasComparedIsToldByTheirSeeds),
        TELLS_PLACES_AS_SEEDS(ClaimConformance::whatWasComparedIsToldByTheirSeeds),
        COUNTS_TIES(ClaimConformance::equalRunsLeaveItOpen),
        BELIEVES_ONE_PAIR(ClaimConformance::onePairLeavesItOpenAndSoDoesNone),
        GIVES_NO_REASON(ClaimConformance::onePairLeavesItOpenAndSoDoesNone),
        BELIEVES_ANY_LEAD(ClaimConformance::chanceIsRarelyTakenForMore),
        REMEMBERS(ClaimConformance::theSameRunsSayTheSameAgain),
        READS_MORE(ClaimConformance::whatIsMeasuredBesideItsMeasuresChangesNothing),
        NAMES_MORE(ClaimConformance::eachOfItsMeasuresIsNeeded),
        TAKES_WHAT_IS_NO_NUMBER(ClaimConformance::whatIsNoNumberIsAsGoodAsMissing),
        TAKES_MISSING_FOR_ZERO(ClaimConformance::aRunWithoutItsMeasuresIsLeftOut);

        private final ThrowingConsumer<ClaimConformance<Asked>> test;

        Fault(ThrowingConsumer<ClaimConformance<Asked>> test) {
            this.test = test;
        }
    }

    /** A loss is lower with every seed, of six at least. */
    private record Lower(Fault fault, String favours, AtomicInteger judged) implements Claim {
        @Override
        public String text(String other) {
            return "the loss of " + favours + " is lower"
                    + (fault == Fault.HIDES_THE_OTHER_SIDE ? "" : " than " + other);
        }

        @Override
        public List<String> measures() {
            return fault == Fault.NAMES_MORE ? List.of(LOSS, "price") : List.of(LOSS);
        }

        private OptionalDouble loss(Trial.Outcome run) {
            if (fault == Fault.TAKES_WHAT_IS_NO_NUMBER && !run.evaluations().isEmpty()) {
                return OptionalDouble.of(run.evaluations().getLast().getOrDefault(LOSS, Double.NaN));
            }
            OptionalDouble loss = run.last(LOSS);
            return loss.isEmpty() && fault == Fault.TAKES_MISSING_FOR_ZERO ? OptionalDouble.of(0) : loss;
        }

        @Override
        public Finding judge(List<Trial> trials, String other) {
            String first = fault == Fault.LOOKS_AT_PLACES && favours.compareTo(other) > 0 ? other : favours;
            String second = first.equals(favours) ? other : favours;
            Map<String, List<Finding.Value>> values = Map.of(favours, new ArrayList<>(), other, new ArrayList<>());
            int won = 0;
            int lost = 0;
            for (Trial trial : trials) {
                OptionalDouble mine = loss(trial.runs().get(first));
                OptionalDouble theirs = loss(trial.runs().get(second));
                long seed = fault == Fault.TELLS_PLACES_AS_SEEDS ? trial.seed() - 1 : trial.seed();
                mine.ifPresent(value -> values.get(first).add(new Finding.Value(seed, value)));
                if (fault != Fault.TELLS_VALUES_OF_ONE_SIDE) {
                    theirs.ifPresent(value -> values.get(second).add(new Finding.Value(seed, value)));
                }
                if (mine.isPresent() && theirs.isPresent()) {
                    double ahead = theirs.getAsDouble() - mine.getAsDouble();
                    won += ahead > 0 || ahead == 0 && fault == Fault.COUNTS_TIES ? 1 : 0;
                    lost += ahead < 0 ? 1 : 0;
                }
            }
            return finding(won, lost, reason(trials), values);
        }

        private String reason(List<Trial> trials) {
            return switch (fault) {
                case GIVES_NO_REASON -> "";
                case REMEMBERS -> "judged " + judged.incrementAndGet() + " times";
                case READS_MORE ->
                    trials.stream()
                                    .flatMap(trial -> trial.runs().values().stream())
                                    .mapToInt(run -> run.evaluations().getLast().size())
                                    .sum()
                            + " measures";
                default -> trials.size() + " pairs";
            };
        }

        private Finding finding(int won, int lost, String reason, Map<String, List<Finding.Value>> values) {
            int pairs = won + lost;
            int needed = fault == Fault.BELIEVES_ONE_PAIR ? 1 : FEWEST;
            int lead = fault == Fault.BELIEVES_ANY_LEAD ? 1 : pairs;
            if (fault == Fault.IS_ALWAYS_OPEN || pairs < needed || Math.abs(won - lost) < lead) {
                return Finding.undecided(reason, values);
            }
            Verdict verdict = won > lost || fault == Fault.IS_NEVER_REFUTED ? Verdict.CONFIRMED : Verdict.REFUTED;
            double ahead = fault == Fault.HAS_AN_INTERVAL_AT_NOTHING ? 0 : (double) (won - lost) / pairs;
            String unit = fault == Fault.HAS_NO_UNIT ? "" : "pairs won";
            return new Finding(
                    verdict, reason, Optional.of(new Finding.Interval(ahead, ahead, ahead, 0, unit)), values);
        }
    }

    private record Family(Fault fault) implements ClaimFamily<Asked> {
        @Override
        @SuppressWarnings("unchecked")
        public Class<Asked> settings() {
            return fault == Fault.HAS_OTHER_SETTINGS ? (Class<Asked>) (Class<?>) Other.class : Asked.class;
        }

        @Override
        public Claim create(Asked asked) {
            if (asked.favours().isEmpty() && fault != Fault.TAKES_EVERYTHING) {
                throw InputError.field("favours", "is empty; expected the name of a side");
            }
            String favours = fault == Fault.FAVOURS_THE_FIRST ? "first" : asked.favours();
            return new Lower(fault, favours, new AtomicInteger());
        }
    }

    private static ClaimConformance<Asked> suite(Fault fault) {
        return new ClaimConformance<>() {
            @Override
            protected ClaimFamily<Asked> family() {
                return new Family(fault);
            }

            @Override
            protected Asked settings(String favours) {
                return new Asked(favours);
            }

            @Override
            protected Trial.Outcome better(int seed) {
                return new Trial.Outcome(false, List.of(Map.of(LOSS, 1 + 0.1 * seed, "price", 3.0)));
            }

            @Override
            protected Trial.Outcome worse(int seed) {
                return new Trial.Outcome(false, List.of(Map.of(LOSS, 3 + 0.1 * seed, "price", 2.0)));
            }

            @Override
            protected Stream<Refused<Asked>> refused() {
                return Stream.of(new Refused<>(new Asked(""), "favours"));
            }
        };
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void oneThatBreaksAPromiseFailsItsTestWhichTheRightOnePasses(Fault fault) throws Throwable {
        fault.test.accept(suite(Fault.NONE));
        assertThrows(AssertionError.class, () -> fault.test.accept(suite(fault)));
    }
}
