package org.kolotoc.text.huggingface;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.kolotoc.text.json.JsonPlace;

/** How a text is cut into words. Blanks are lost. */
enum WordSplit {
    /** At blanks, and around each punctuation mark. */
    BERT {
        @Override
        List<String> words(String text) {
            List<String> words = new ArrayList<>();
            int begin = 0;
            for (int at = 0; at < text.length(); ) {
                int character = text.codePointAt(at);
                int end = at + Character.charCount(character);
                boolean punctuation = isPunctuation(character);
                if (punctuation || isSpace(character)) {
                    add(words, text, begin, at);
                    add(words, text, at, punctuation ? end : at);
                    begin = end;
                }
                at = end;
            }
            add(words, text, begin, text.length());
            return words;
        }
    },

    /** Runs of letters, digits and underscores, and runs of anything else but blanks. */
    WHITESPACE {
        private static final Pattern WORDS = Pattern.compile("\\w+|[^\\w\\s]+", Pattern.UNICODE_CHARACTER_CLASS);

        @Override
        List<String> words(String text) {
            return WORDS.matcher(text).results().map(MatchResult::group).toList();
        }
    },

    /** Runs of anything but blanks. */
    WHITESPACE_SPLIT {
        private static final Pattern WORDS = Pattern.compile("\\S+", Pattern.UNICODE_CHARACTER_CLASS);

        @Override
        List<String> words(String text) {
            return WORDS.matcher(text).results().map(MatchResult::group).toList();
        }
    };

    private static final int PUNCTUATION = 1 << Character.CONNECTOR_PUNCTUATION
            | 1 << Character.DASH_PUNCTUATION
            | 1 << Character.START_PUNCTUATION
            | 1 << Character.END_PUNCTUATION
            | 1 << Character.INITIAL_QUOTE_PUNCTUATION
            | 1 << Character.FINAL_QUOTE_PUNCTUATION
            | 1 << Character.OTHER_PUNCTUATION;

    static WordSplit of(JsonPlace preTokenizer) {
        WordSplit split = switch (preTokenizer.get("type").text()) {
            case "BertPreTokenizer" -> BERT;
            case "Whitespace" -> WHITESPACE;
            case "WhitespaceSplit" -> WHITESPACE_SPLIT;
            default ->
                throw preTokenizer.unknown("the pre-tokenizer", "BertPreTokenizer, Whitespace or WhitespaceSplit");
        };
        preTokenizer.only(Set.of("type"));
        return split;
    }

    abstract List<String> words(String text);

    private static void add(List<String> words, String text, int from, int to) {
        if (from < to) {
            words.add(text.substring(from, to));
        }
    }

    /** ASCII's signs are all punctuation to BERT, also those that Unicode calls symbols. */
    private static boolean isPunctuation(int character) {
        return character < 0x80
                ? character > ' ' && character < 0x7F && !Character.isLetterOrDigit(character)
                : (1 << Character.getType(character) & PUNCTUATION) != 0;
    }

    /** The property White_Space of Unicode. */
    private static boolean isSpace(int character) {
        return character >= 0x09 && character <= 0x0D || character == 0x85 || isSpaceSeparator(character);
    }

    /** Blanks that are no control characters. */
    static boolean isSpaceSeparator(int character) {
        return Character.isSpaceChar(character);
    }
}
