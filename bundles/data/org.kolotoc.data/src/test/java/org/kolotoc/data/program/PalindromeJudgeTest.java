package org.kolotoc.data.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;
import org.kolotoc.tck.JudgeConformance;

/** The lecture's three answers to one question. */
class PalindromeJudgeTest extends JudgeConformance<PalindromeSettings> {
    private static final String QUESTION =
            "Napiš Python funkci, která zkontroluje, jestli je zadaný řetězec palindrom.";
    private static final List<String> TEXTS = List.of(
            "krk",
            "Anna",
            "nepotopen",
            "kolotoč",
            "jelenovi pivo nelej",
            "Jelenovi pivo nelej!",
            "A man, a plan, a canal: Panama",
            "Was it a car?",
            "12 321");

    private static final String FIRST = """
        Samozřejmě, můžu ti s tím pomoci.

        def je_palindrom(rretezec):
            rretezec = rretezec.lower() # Převod na malá písmena pomocí metody lower()
            cisty_retezec = ''.join(c for c in rretezec if c.isalnum()) # Pořadí znaků pomocí operátora join()
            return cisty_retezec == cisty_retezec[::-1] # Porovnání s obrácenou verzí pomocí operátoru [::-1]

        Tato funkce nejprve převede všechna písmena v řetězci na malá písmena.
        """;

    private static final String SECOND = """
        Samozřejmě! Zde je jednoduchá Python funkce:

        def je_palindrom(rretezec):
            rretezec = rretezec.lower() # Převod na malá písmena pomocí metody lower()
            rretezec = rretezec.replace(" ", "") # Odstranění mezer pomocí operátora replace()
            return rretezec == rretezec[::-1] # Porovnání řetězce s jeho obrácenou verzí

        Funkce vrátí True, pokud je řetězec palindromem, a False, pokud není.
        """;

    private static final String THIRD = """
        Jistě, zde je jednoduchá Python funkce:

        def je_palindrom(rretezec):
            # Převod na malá písmena pomocí metody lower()
            rretezec = rretezec.lower()
            # Odstranění mezer pomocí operátora replace()
            rretezec = rretezec.replace(" ", "")
            # Porovnání řetězce s jeho obrácenou verzí pomocí operátoru [::-1]
            return rretezec == rretezec[::-1]

        Tato funkce nebude brát v úvahu interpunkční znaménka.
        """;

    private final Judge judge = family().create(settings());

    @Override
    protected JudgeFamily<PalindromeSettings> family() {
        return new PalindromeJudge();
    }

    @Override
    protected PalindromeSettings settings() {
        return new PalindromeSettings(TEXTS);
    }

    @Override
    protected List<Exchange> ranked() {
        return Stream.of(FIRST, SECOND, "def f(s):\n    return s == s[::-1]\n", "def f(s):\n    return eval(s)\n")
                .map(answer -> new Exchange(QUESTION, answer))
                .toList();
    }

    @Override
    protected List<Exchange> formless() {
        return List.of(new Exchange(QUESTION, "Palindrom se čte stejně zepředu i zezadu."));
    }

    private double quality(String answer) {
        return judge.quality(new Exchange(QUESTION, answer));
    }

    @Test
    void theFirstIsBetterThanTheOthersWhichAreEquallyGood() {
        assertEquals(1, quality(FIRST));
        assertEquals(quality(SECOND), quality(THIRD));
        assertEquals(7 / 9.0, quality(SECOND), 1e-12);
    }

    /** No judge by length: words around a program change nothing. */
    @Test
    void explanationsChangeNothing() {
        String longer = SECOND + "Porovná řetězec s jeho reverzí pomocí operátora řezu. ".repeat(40);
        assertTrue(longer.length() > 4 * FIRST.length());
        assertEquals(quality(SECOND), quality(longer));
        assertEquals(quality(FIRST), quality(FIRST.substring(FIRST.indexOf("def"))));
    }

    @Test
    void whatIsWrongIsRun() {
        assertEquals(4 / 9.0, quality("def f(s):\n    return s == s[::-1]\n"), 1e-12);
        assertEquals(0.01, quality("def f(s):\n    return eval(s)\n"));
        assertEquals(0.01, quality("def f(s):\n    s = s.lower()\n"));
        assertEquals(0.01, quality("def f(s):\n    while True: pass\n"));
    }

    @Test
    void whatIsUnknownIsNamed() {
        PythonFunction function =
                PythonFunction.in("def f(s):\n    return s.hack()\n").orElseThrow();
        assertTrue(assertThrows(NotUnderstood.class, () -> function.of("a"))
                .getMessage()
                .contains("'hack'"));
    }

    @Test
    void aHeadMayHaveAnnotations() {
        String body = "    return s == s[::-1]\n";
        double plain = quality("def f(s):\n" + body);
        assertEquals(4 / 9.0, plain, 1e-12);
        assertEquals(plain, quality("def f(s: str) -> bool:\n" + body), 1e-12);
        assertEquals(plain, quality("def f( s:str )->bool :  # annotated\n" + body), 1e-12);
        assertEquals(0, quality("def f(s: str -> bool:\n" + body));
    }

    private static String fault(String text, String... lines) {
        PythonFunction function = PythonFunction.in("def f(s):\n    " + String.join("\n    ", lines) + "\n")
                .orElseThrow();
        return assertThrows(NotUnderstood.class, () -> function.of(text)).getMessage();
    }

    /** No answer takes all memory, or the stack. */
    @Test
    void whatIsTooLongOrTooDeepIsNotRun() {
        String[] doubling = new String[64];
        Arrays.fill(doubling, "s = s.replace('a', 'aa')");
        assertTrue(fault("a", doubling).contains("a text of more than"));
        Arrays.fill(doubling, "s = s.replace('', 'aaaaaaaa')");
        assertTrue(fault("a", doubling).contains("a text of more than"));
        Arrays.fill(doubling, "s = s.join(c for c in s if c == c)");
        assertTrue(fault("aaa", doubling).contains("a text of more than"));
        assertTrue(fault("a", "return " + "(".repeat(100_000) + "s" + ")".repeat(100_000))
                .contains("within each other"));
        String nested = "s";
        for (int i = 0; i < 60; i++) {
            nested = "''.join(c for c in " + nested + " if c == c)";
        }
        assertTrue(fault("a", "return " + nested).contains("within each other"));
    }
}
