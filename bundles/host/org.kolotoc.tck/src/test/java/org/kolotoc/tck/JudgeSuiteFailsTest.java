package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;

/** The negative controls of the judges' suite: one that breaks a promise fails the test of that promise. */
class JudgeSuiteFailsTest {
    private record Wanted(String word) {}

    private record Other(int size) {}

    /** What a judge does wrong, and the test that says so. */
    private enum Fault {
        NONE(JudgeConformance::settingsAreARecordOfTheFamily),
        HAS_OTHER_SETTINGS(JudgeConformance::settingsAreARecordOfTheFamily),
        TAKES_EVERYTHING(JudgeConformance::settingsThatDoNotFitAreRefused),
        LIKES_THE_WORSE(JudgeConformance::eachAnswerIsBetterThanTheNext),
        LIKES_ALL_ALIKE(JudgeConformance::eachAnswerIsBetterThanTheNext),
        LIKES_NO_FORM(JudgeConformance::whatHasTheFormOfAnAnswerIsAboveZeroAndWhatHasNoneIsNot),
        GIVES_AN_ANSWER_NOTHING(JudgeConformance::whatHasTheFormOfAnAnswerIsAboveZeroAndWhatHasNoneIsNot),
        DIVIDES_BY_LENGTH(JudgeConformance::whateverIsWrittenHasAQuality),
        LOOKS_BEHIND_THE_END(JudgeConformance::whateverIsWrittenHasAQuality),
        TIRES(JudgeConformance::theSameExchangeIsAsGoodAgain),
        DIFFERS_FROM_OTHERS(JudgeConformance::theSameExchangeIsAsGoodAgain);

        private final ThrowingConsumer<JudgeConformance<Wanted>> test;

        Fault(ThrowingConsumer<JudgeConformance<Wanted>> test) {
            this.test = test;
        }
    }

    /** A sentence ends with a full stop; it is good where it has a word. */
    private record Family(Fault fault, AtomicInteger made) implements JudgeFamily<Wanted> {
        @Override
        @SuppressWarnings("unchecked")
        public Class<Wanted> settings() {
            return fault == Fault.HAS_OTHER_SETTINGS ? (Class<Wanted>) (Class<?>) Other.class : Wanted.class;
        }

        @Override
        public Judge create(Wanted wanted) {
            if (wanted.word().isEmpty() && fault != Fault.TAKES_EVERYTHING) {
                throw InputError.field("word", "is empty; expected a word");
            }
            AtomicInteger judged = new AtomicInteger();
            int number = made.incrementAndGet();
            return exchange -> {
                String answer = exchange.answer();
                boolean good = answer.contains(wanted.word());
                boolean form = answer.endsWith(".");
                double quality = form ? good ? 1 : 0.5 : 0;
                return switch (fault) {
                    case LIKES_THE_WORSE -> form ? 1.5 - quality : 0;
                    case LIKES_ALL_ALIKE -> form ? 1 : 0;
                    case LIKES_NO_FORM -> quality + 0.1;
                    case GIVES_AN_ANSWER_NOTHING -> form && good ? 1 : 0;
                    case DIVIDES_BY_LENGTH -> quality * answer.length() / answer.length();
                    case LOOKS_BEHIND_THE_END -> answer.charAt(answer.length() - 1) == '.' ? quality : 0;
                    case TIRES -> quality / judged.incrementAndGet();
                    case DIFFERS_FROM_OTHERS -> quality / number;
                    default -> quality;
                };
            };
        }
    }

    private static JudgeConformance<Wanted> suite(Fault fault) {
        Family family = new Family(fault, new AtomicInteger());
        return new JudgeConformance<>() {
            @Override
            protected JudgeFamily<Wanted> family() {
                return family;
            }

            @Override
            protected Wanted settings() {
                return new Wanted("Anna");
            }

            @Override
            protected List<Exchange> ranked() {
                return List.of(new Exchange("Who?", "Anna did."), new Exchange("Who?", "Leo did."));
            }

            @Override
            protected List<Exchange> formless() {
                return List.of(new Exchange("Who?", "Anna"));
            }

            @Override
            protected Stream<Refused<Wanted>> refused() {
                return Stream.of(new Refused<>(new Wanted(""), "word"));
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
