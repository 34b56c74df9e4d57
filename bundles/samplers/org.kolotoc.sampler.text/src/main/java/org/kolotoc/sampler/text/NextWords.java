package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.Tokenizer;

/**
 * Searches the words that may follow a prompt: the likeliest beginnings are gone on with first, each token further, until a
 * word has ended. A word is a run of letters, digits and what stands within words, behind blanks that are no part of it; or a
 * sign alone. However it is cut into tokens, all ways are counted together.
 */
final class NextWords {
    /** A word that gets longer than so many tokens is taken as it is. */
    private static final int LONGEST = 40;

    /** Less is not followed; it stays among what is left. */
    private static final double LEAST = 1e-8;

    /** What bytes become that are no whole character yet. */
    private static final char CUT = '\uFFFD';

    private final LanguageSession session;
    private final Tokenizer tokenizer;
    private final int[] prompt;
    private final Map<String, Double> words = new HashMap<>();
    private final PriorityQueue<Beginning> open = new PriorityQueue<>(Comparator.comparingDouble(Beginning::probability)
            .reversed()
            .thenComparing(Beginning::tokens, Arrays::compare));

    private record Beginning(int[] tokens, double probability) {}

    /** A word, as far as it was found. */
    record Word(String text, double probability) {}

    NextWords(LanguageSession session, Tokenizer tokenizer, int[] prompt) {
        this.session = session;
        this.tokenizer = tokenizer;
        this.prompt = prompt;
    }

    /**
     * Searches.
     *
     * @param most beginnings that are gone on with
     * @param rest the probability that may be left
     */
    void search(int most, double rest) {
        open.add(new Beginning(new int[0], 1));
        int taken = 0;
        while (taken < most && left() > rest) {
            List<Beginning> now = new ArrayList<>();
            while (now.size() < session.rows() && taken < most && !open.isEmpty()) {
                now.add(open.remove());
                taken++;
            }
            int[][] read = new int[session.rows()][0];
            for (int row = 0; row < now.size(); row++) {
                int[] tokens = now.get(row).tokens();
                read[row] = Arrays.copyOf(prompt, prompt.length + tokens.length);
                System.arraycopy(tokens, 0, read[row], prompt.length, tokens.length);
            }
            session.reset();
            float[][] logits = session.prefill(read);
            for (int row = 0; row < now.size(); row++) {
                goOn(now.get(row), logits[row]);
            }
        }
    }

    private double left() {
        return open.stream().mapToDouble(Beginning::probability).sum();
    }

    private void goOn(Beginning beginning, float[] logits) {
        double most = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - most);
        }
        int length = beginning.tokens().length;
        int[] longer = Arrays.copyOf(beginning.tokens(), length + 1);
        for (int token = 0; token < logits.length; token++) {
            double probability = beginning.probability() * StrictMath.exp(logits[token] - most) / sum;
            if (probability < LEAST) {
                continue;
            }
            longer[length] = token;
            String word = word(tokenizer.decode(longer), length + 1 >= LONGEST);
            if (word.isEmpty()) {
                open.add(new Beginning(longer.clone(), probability));
            } else {
                words.merge(word, probability, Double::sum);
            }
        }
    }

    /** The word that a text begins with; empty as long as it may go on. */
    private static String word(String text, boolean ends) {
        String behind = text.stripLeading();
        if (behind.isEmpty()) {
            return ends ? " " : "";
        }
        int length = 0;
        while (length < behind.length() && isWithin(behind.codePointAt(length))) {
            length += Character.charCount(behind.codePointAt(length));
        }
        if (length == behind.length()) {
            return ends ? behind : "";
        }
        if (length > 0) {
            return behind.charAt(length) == CUT && length + 1 == behind.length() && !ends
                    ? ""
                    : behind.substring(0, length);
        }
        return behind.charAt(0) == CUT && !ends ? "" : Character.toString(behind.codePointAt(0));
    }

    private static boolean isWithin(int character) {
        int type = Character.getType(character);
        return Character.isLetterOrDigit(character)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || character == '\''
                || character == '’'
                || character == '-'
                || character == '_';
    }

    /** The likeliest words, equal ones in the order of their letters. */
    List<Word> likeliest(int count) {
        return words.entrySet().stream()
                .map(word -> new Word(word.getKey(), word.getValue()))
                .sorted(Comparator.comparingDouble(Word::probability).reversed().thenComparing(Word::text))
                .limit(count)
                .toList();
    }
}
