package org.kolotoc.data.program;

import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of a judge of Python functions that say whether a text is a palindrome: it runs the function of an answer over texts and
 * counts how many it is right about. How long or how well explained an answer is changes nothing.
 */
@Component
@Seat(kind = "judge", id = "palindrome", summary = "runs a Python function that recognises palindromes")
public final class PalindromeJudge implements JudgeFamily<PalindromeSettings> {
    /** Of an answer with a function that is never right, or can't be run. */
    private static final double LEAST = 0.01;

    @Override
    public Class<PalindromeSettings> settings() {
        return PalindromeSettings.class;
    }

    @Override
    public Judge create(PalindromeSettings settings) {
        return exchange -> quality(exchange, settings);
    }

    private static double quality(Exchange exchange, PalindromeSettings settings) {
        return PythonFunction.in(exchange.answer())
                .map(function -> {
                    double right = settings.texts().stream()
                            .filter(text -> isRight(function, text))
                            .count();
                    return Math.max(LEAST, right / Math.max(1, settings.texts().size()));
                })
                .orElse(0.0);
    }

    private static boolean isRight(PythonFunction function, String text) {
        try {
            return function.of(text).equals(isPalindrome(text));
        } catch (NotUnderstood e) {
            return false;
        }
    }

    /** Letters and digits alone count, upper and lower case alike. */
    private static boolean isPalindrome(String text) {
        int[] read = text.codePoints()
                .filter(Character::isLetterOrDigit)
                .map(Character::toLowerCase)
                .toArray();
        for (int i = 0; i < read.length / 2; i++) {
            if (read[i] != read[read.length - 1 - i]) {
                return false;
            }
        }
        return true;
    }
}
