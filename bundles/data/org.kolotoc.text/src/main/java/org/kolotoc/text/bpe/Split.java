package org.kolotoc.text.bpe;

import static org.kolotoc.text.bpe.CharacterClasses.LETTER;
import static org.kolotoc.text.bpe.CharacterClasses.LOWER;
import static org.kolotoc.text.bpe.CharacterClasses.NEWLINE;
import static org.kolotoc.text.bpe.CharacterClasses.NUMBER;
import static org.kolotoc.text.bpe.CharacterClasses.OTHER;
import static org.kolotoc.text.bpe.CharacterClasses.SPACE;
import static org.kolotoc.text.bpe.CharacterClasses.UPPER;
import static org.kolotoc.text.bpe.CharacterClasses.at;
import static org.kolotoc.text.bpe.CharacterClasses.run;
import static org.kolotoc.text.bpe.CharacterClasses.width;

import java.util.Arrays;
import java.util.Optional;
import org.kolotoc.text.bpe.Contractions.Case;

/**
 * How a text is cut into pieces, which no token crosses. Each is published as a regular expression, of which every piece is
 * the next match; here it is a scanner that reads each character once or twice.
 */
public enum Split {
    /** Words, numbers, runs of other signs, each with the space before it: GPT-2, GPT-3, RoBERTa. */
    GPT2("'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+") {
        @Override
        int next(char[] text, int from, int length) {
            int end = Contractions.end(text, from, length, Case.EXACT);
            if (end > from) {
                return end;
            }
            int at = text[from] == ' ' && from + 1 < length ? from + 1 : from;
            int classes = at(text, at, length) & (LETTER | NUMBER | OTHER);
            return classes != 0
                    ? run(text, at, length, classes)
                    : blank(text, from, length, run(text, from, length, SPACE));
        }
    },

    /** Numbers of at most three digits, words with any one sign before them: GPT-4, Llama 3. */
    CL100K("'(?i:[sdmt]|ll|ve|re)|[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r"
            + "\\n"
            + "]*|\\s*[\\r"
            + "\\n"
            + "]+|\\s+(?!\\S)|\\s+") {
        @Override
        int next(char[] text, int from, int length) {
            int end = Contractions.end(text, from, length, Case.ANY);
            if (end > from) {
                return end;
            }
            int classes = at(text, from, length);
            int at = afterSign(text, from, length, classes);
            if (at < length && (at(text, at, length) & LETTER) != 0) {
                return run(text, at, length, LETTER);
            }
            end = signs(text, from, length);
            if (end > from) {
                return run(text, end, length, NEWLINE);
            }
            return numberOrBlank(text, from, length, classes);
        }
    },

    /** The same with words cut where a capital begins, and contractions kept with their words: GPT-4o. */
    O200K("[^\\r"
        + "\\n"
        + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r"
        + "\\n"
        + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}|"
        + " ?[^\\s\\p{L}\\p{N}]+[\\r"
        + "\\n"
        + "/]*|\\s*[\\r"
        + "\\n"
        + "]+|\\s+(?!\\S)|\\s+") {
        @Override
        int next(char[] text, int from, int length) {
            int classes = at(text, from, length);
            int at = afterSign(text, from, length, classes);
            int end = ofSmall(text, at, length);
            if (end < 0 && at > from) {
                end = ofSmall(text, from, length);
            }
            if (end < 0) {
                end = run(text, at, length, UPPER);
                end = end > at ? end : -1;
            }
            if (end > 0) {
                return Contractions.end(text, end, length, Case.ANY);
            }
            end = signs(text, from, length);
            if (end > from) {
                while (end < length && (text[end] == '/' || text[end] == '\r' || text[end] == '\n')) {
                    end++;
                }
                return end;
            }
            return numberOrBlank(text, from, length, classes);
        }

        /** End of a word with a small letter in it, or another that is no capital; -1 where there is none. */
        private int ofSmall(char[] text, int from, int length) {
            int end = run(text, from, length, UPPER);
            if (end < length && (at(text, end, length) & LOWER) != 0) {
                return run(text, end, length, LOWER);
            }
            // What the first part of the pattern took greedily it gives back up to the last that the second part takes.
            while (end > from) {
                int before = Character.offsetByCodePoints(text, from, end - from, end, -1);
                if ((at(text, before, length) & LOWER) != 0) {
                    return end;
                }
                end = before;
            }
            return -1;
        }
    };

    private final String pattern;

    Split(String pattern) {
        this.pattern = pattern;
    }

    /** The regular expression that this is. */
    public String pattern() {
        return pattern;
    }

    /** The one that a regular expression is, in this or another spelling of it. */
    public static Optional<Split> ofPattern(String pattern) {
        String wanted = spelled(pattern);
        return Arrays.stream(values())
                .filter(split -> spelled(split.pattern).equals(wanted))
                .findFirst();
    }

    /** Contractions are the part that is spelled in several ways. */
    private static String spelled(String pattern) {
        return pattern.replace("'(?:[sdmt]|ll|ve|re)", "'s|'t|'re|'ve|'m|'ll|'d")
                .replace("'(?i:[sdmt]|ll|ve|re)", "(?i:'s|'t|'re|'ve|'m|'ll|'d)");
    }

    /** End of the piece that begins at a place. */
    abstract int next(char[] text, int from, int length);

    /**
     * Where a text may be cut, see {@link org.kolotoc.api.text.Tokenizer#cut}: the last place after a letter and before
     * something that stands in no piece after a letter.
     */
    int cut(CharSequence beginning) {
        for (int at = beginning.length() - 1; at > 0; at--) {
            if (isCut(beginning.charAt(at - 1), beginning.charAt(at))) {
                return at;
            }
        }
        return 0;
    }

    private static boolean isCut(char before, char after) {
        return Character.isLetter(before)
                && after != '\''
                && !Character.isLetter(after)
                && !Character.isSurrogate(after)
                && (CharacterClasses.at(new char[] {after}, 0, 1) & (UPPER | LOWER)) == 0;
    }

    /** After the one sign or blank that a word may begin with, or where it is none. */
    private static int afterSign(char[] text, int from, int length, int classes) {
        return (classes & (LETTER | NUMBER | NEWLINE)) == 0 ? from + width(text, from, length) : from;
    }

    /** End of a run of signs with the space before it; the same place where there is none. */
    private static int signs(char[] text, int from, int length) {
        int at = text[from] == ' ' ? from + 1 : from;
        int end = run(text, at, length, OTHER);
        return end > at ? end : from;
    }

    private static int numberOrBlank(char[] text, int from, int length, int classes) {
        if (classes == NUMBER) {
            int end = from;
            for (int digits = 0; digits < 3 && end < length && at(text, end, length) == NUMBER; digits++) {
                end += width(text, end, length);
            }
            return end;
        }
        int end = run(text, from, length, SPACE);
        for (int last = end; last > from; last--) {
            if (text[last - 1] == '\n' || text[last - 1] == '\r') {
                return last;
            }
        }
        return blank(text, from, length, end);
    }

    /** A run of blanks leaves its last to what follows, unless it is alone. */
    private static int blank(char[] text, int from, int length, int end) {
        return end == length || end - from == 1 ? end : end - 1;
    }
}
