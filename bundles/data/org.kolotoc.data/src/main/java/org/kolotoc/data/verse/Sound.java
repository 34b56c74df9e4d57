package org.kolotoc.data.verse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a Czech word sounds, near enough to tell rhymes and to count syllables: a character a sound, {@code y} as {@code i}, long
 * vowels as short ones, {@code ou} and {@code au} as one vowel, {@code ch} as one consonant, voiced consonants at the end as
 * voiceless ones. Syllables are vowels, and {@code r} and {@code l} that have none beside them.
 */
record Sound(String word, String sounds, List<Integer> nuclei) {
    private static final String VOWELS = "aeiouUA";
    private static final String LETTERS = "áéíóúůýyě";
    private static final String PLAIN = "aeiouuiie";
    private static final String VOICED = "bdďgvzžh";
    private static final String VOICELESS = "ptťkfsšx";

    Sound {
        nuclei = List.copyOf(nuclei);
    }

    /** Of a word of letters, in any case. */
    static Sound of(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        StringBuilder sounds =
                new StringBuilder(lower.replace("ou", "U").replace("au", "A").replace("ch", "x"));
        for (int i = 0; i < sounds.length(); i++) {
            int at = LETTERS.indexOf(sounds.charAt(i));
            if (at >= 0) {
                sounds.setCharAt(i, PLAIN.charAt(at));
            }
        }
        for (int i = sounds.length() - 1; i >= 0 && VOICED.indexOf(sounds.charAt(i)) >= 0; i--) {
            sounds.setCharAt(i, VOICELESS.charAt(VOICED.indexOf(sounds.charAt(i))));
        }
        List<Integer> nuclei = new ArrayList<>();
        for (int i = 0; i < sounds.length(); i++) {
            if (isVowel(sounds, i) || isSyllabic(sounds, i)) {
                nuclei.add(i);
            }
        }
        return new Sound(lower, sounds.toString(), nuclei);
    }

    private static boolean isVowel(CharSequence sounds, int at) {
        return at < sounds.length() && VOWELS.indexOf(sounds.charAt(at)) >= 0;
    }

    private static boolean isSyllabic(CharSequence sounds, int at) {
        return "rl".indexOf(sounds.charAt(at)) >= 0 && at > 0 && !isVowel(sounds, at - 1) && !isVowel(sounds, at + 1);
    }

    int syllables() {
        return nuclei.size();
    }

    /**
     * Whether two words rhyme: where a consonant ends them, they sound alike from the last vowel on and in the sound before it,
     * else from the last vowel but one. Of a word of one syllable the vowel and what follows it are enough, or the vowel and the
     * consonant before it. A word does not rhyme with itself.
     */
    boolean rhymes(Sound other) {
        if (nuclei.isEmpty() || other.nuclei.isEmpty() || word.equals(other.word)) {
            return false;
        }
        int same = 0;
        int most = Math.min(sounds.length(), other.sounds.length());
        while (same < most
                && sounds.charAt(sounds.length() - 1 - same) == other.sounds.charAt(other.sounds.length() - 1 - same)) {
            same++;
        }
        return same >= Math.min(tail(), other.tail());
    }

    /** How many sounds at the end have to be alike. */
    private int tail() {
        int last = nuclei.getLast();
        boolean open = last == sounds.length() - 1;
        boolean single = nuclei.size() == 1;
        if (open) {
            return single ? 2 : sounds.length() - nuclei.get(nuclei.size() - 2);
        }
        return sounds.length() - last + (single ? 0 : 1);
    }
}
