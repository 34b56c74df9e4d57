package org.kolotoc.data.program;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/** What is tried. */
public record PalindromeSettings(
        @Help("texts that a function is run over: some palindromes, some not; letters and digits alone count")
        @Default("[\"krk\", \"Anna\", \"nepotopen\", \"kolotoč\", \"jelenovi pivo nelej\", \"Jelenovi pivo nelej!\","
                + " \"A man, a plan, a canal: Panama\", \"Was it a car?\", \"12 321\"]")
        List<String> texts) {}
