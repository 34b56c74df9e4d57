package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.text.Choice;
import org.kolotoc.api.text.ScoredChoice;

class ScoredChoiceTest {
    private static final Choice BAG =
            new Choice("syntax", "Tašku jsem si nechal", List.of(" do", " v", " k"), " práci.", 1);
    private static final Choice PRIME = new Choice("arithmetic", "Řada: 2, 3,", List.of(" 5", " 4"), "", 0);

    private static ScoredChoice scored(Choice choice, Double... scores) {
        return new ScoredChoice(choice, List.of(scores).stream().map(Math::abs).toList(), List.of(scores));
    }

    @Test
    void whatIsWrittenIsRead() {
        List<ScoredChoice> several = List.of(scored(BAG, -0.25, -0.125, -0.625), scored(PRIME, -0.75, -0.25));
        String text = ScoredChoice.written(several);
        assertTrue(
                text.startsWith("[syntax] Tašku jsem si nechal___ práci.\n     0.250000 -0.250000 | do\n  >* "), text);
        assertEquals(several, ScoredChoice.read(text));
    }

    @Test
    void creditIsSharedAmongEquals() {
        assertEquals(1, scored(BAG, -0.5, -0.25, -0.75).credit());
        assertEquals(0, scored(BAG, -0.25, -0.5, -0.75).credit());
        assertEquals(0.5, scored(BAG, -0.25, -0.25, -0.75).credit());
        assertEquals(1.0 / 3, scored(BAG, -0.25, -0.25, -0.25).credit());
        assertEquals(0, scored(BAG, -0.25, -0.5, -0.25).credit());
    }

    @Test
    void whatIsNoneIsRefusedWithItsLine() {
        String message = assertThrows(IllegalArgumentException.class, () -> ScoredChoice.read("anything else\n"))
                .getMessage();
        assertTrue(message.contains("'anything else'"), message);
        assertThrows(IllegalArgumentException.class, () -> new Choice("fact", "It is", List.of(" one"), ".", 0));
        assertThrows(IllegalArgumentException.class, () -> new Choice("fact", "It is", List.of(" a", " a"), ".", 0));
        assertThrows(IllegalArgumentException.class, () -> new Choice("fact", "It is", List.of(" a", " b"), ".", 2));
    }
}
