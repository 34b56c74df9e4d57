package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;

/**
 * What every judge of answers must do: rank them as its author says, tell what is no answer at all, and have a number for whatever
 * a model writes, the same again for the same.
 *
 * @param <S> the settings record
 */
public abstract class JudgeConformance<S extends Record> {
    private static final int LONG = 50_000;

    protected abstract JudgeFamily<S> family();

    protected abstract S settings();

    /** Answers with the form of one, to one question or to several, each better than the next; two at least. */
    protected abstract List<Exchange> ranked();

    /** What has not the form of an answer; one at least. */
    protected abstract List<Exchange> formless();

    /** Settings that {@code create} must refuse. */
    protected Stream<Refused<S>> refused() {
        return Stream.empty();
    }

    private Judge judge() {
        return family().create(settings());
    }

    /** What a model may write, before it has learned anything too, behind each question and behind none. */
    private List<Exchange> written() {
        List<String> answers = new ArrayList<>(List.of(
                "",
                " \n\t ",
                ".",
                "\n\n\n",
                "%s {} \\ \" ' $1 (?<",
                "\0\uFFFD\uD83C",
                "Příliš žluťoučký kůň 日本語 \uD83D\uDE00",
                "word ".repeat(LONG),
                "(".repeat(LONG),
                "a".repeat(LONG) + "."));
        List<String> questions = new ArrayList<>(List.of("", "?"));
        Stream.concat(ranked().stream(), formless().stream()).forEach(exchange -> {
            questions.add(exchange.question());
            answers.add(exchange.answer().substring(0, exchange.answer().length() / 2));
            answers.add(exchange.answer() + exchange.answer());
            answers.add(exchange.question());
        });
        return questions.stream()
                .distinct()
                .flatMap(question -> answers.stream().distinct().map(answer -> new Exchange(question, answer)))
                .toList();
    }

    private static String shown(Exchange exchange) {
        String text = exchange.toString();
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }

    @Test
    void settingsAreARecordOfTheFamily() {
        assertTrue(family().settings().isInstance(settings()));
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        refused().forEach(bad -> bad.check(() -> family().create(bad.settings())));
    }

    @Test
    void eachAnswerIsBetterThanTheNext() {
        List<Exchange> ranked = ranked();
        assertTrue(ranked.size() > 1, "one answer has no rank");
        Judge judge = judge();
        for (int i = 1; i < ranked.size(); i++) {
            double above = judge.quality(ranked.get(i - 1));
            double below = judge.quality(ranked.get(i));
            String next = shown(ranked.get(i));
            assertTrue(above > below, () -> above + ", then " + below + " for " + next);
        }
    }

    @Test
    void whatHasTheFormOfAnAnswerIsAboveZeroAndWhatHasNoneIsNot() {
        assertFalse(formless().isEmpty(), "nothing is said of what is no answer");
        Judge judge = judge();
        for (Exchange exchange : ranked()) {
            assertTrue(judge.quality(exchange) > 0, () -> shown(exchange));
        }
        for (Exchange exchange : formless()) {
            assertFalse(judge.quality(exchange) > 0, () -> shown(exchange));
        }
    }

    @Test
    void whateverIsWrittenHasAQuality() {
        Judge judge = judge();
        for (Exchange exchange : written()) {
            double quality = assertDoesNotThrow(() -> judge.quality(exchange), () -> shown(exchange));
            assertTrue(Double.isFinite(quality), () -> quality + " for " + shown(exchange));
        }
    }

    /** Whatever it judged in between, and for another judge of the same settings. */
    @Test
    void theSameExchangeIsAsGoodAgain() {
        Judge judge = judge();
        List<Exchange> all =
                Stream.concat(ranked().stream(), formless().stream()).toList();
        List<Double> first = all.stream().map(judge::quality).toList();
        List<Double> backwards = all.reversed().stream().map(judge::quality).toList();
        assertEquals(first, backwards.reversed(), "another quality when asked again");
        Judge other = judge();
        assertEquals(first, all.stream().map(other::quality).toList(), "another quality of another judge");
    }
}
