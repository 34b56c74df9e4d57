package org.kolotoc.text.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scanners beside the regular expressions that they are. */
class SplitTest {
    private static List<String> pieces(Split split, String text) {
        List<String> pieces = new ArrayList<>();
        char[] units = text.toCharArray();
        for (int at = 0; at < units.length; ) {
            int end = split.next(units, at, units.length);
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    private static Pattern pattern(Split split) {
        return Pattern.compile(split.pattern(), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }

    @ParameterizedTest
    @EnumSource
    void aScannerFindsThePiecesOfTheRegularExpression(Split split) {
        Pattern pattern = pattern(split);
        RandomTexts.of(1, 4000, 12).forEach(text -> assertEquals(matches(pattern, text), pieces(split, text), text));
    }

    /** Each character before and after a letter, a digit, a sign, a blank and a line feed. */
    @ParameterizedTest
    @EnumSource
    void everyCharacterIsOfTheClassThatTheRegularExpressionHasItIn(Split split) {
        Pattern pattern = pattern(split);
        for (int character = 0;
                character <= Character.MAX_CODE_POINT;
                character += character < 0x600 ? 1 : character < 0x3000 ? 7 : 211) {
            String one = Character.toString(character);
            String text = "aB" + one + "Cd" + one + "1" + one + " " + one + one + "!" + one + "\n" + one;
            assertEquals(
                    matches(pattern, text),
                    pieces(split, text),
                    () -> one.codePoints().boxed().toList().toString());
        }
    }

    /** Wherever the end of what is known so far is. */
    @ParameterizedTest
    @EnumSource
    void whereATextMayBeCutItsPiecesAreThoseOfItsTwoParts(Split split) {
        Random random = new Random(4);
        long cuts = RandomTexts.of(13, 3000, 30)
                .filter(text -> {
                    int cut = split.cut(text.substring(0, random.nextInt(text.length() + 1)));
                    List<String> parts = new ArrayList<>(pieces(split, text.substring(0, cut)));
                    parts.addAll(pieces(split, text.substring(cut)));
                    assertEquals(pieces(split, text), parts, () -> text + " at " + cut);
                    return cut > 0;
                })
                .count();
        assertTrue(cuts > 1500, cuts + " texts were cut");
    }
}
