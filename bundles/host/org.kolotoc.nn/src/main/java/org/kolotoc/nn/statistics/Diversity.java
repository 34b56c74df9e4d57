package org.kolotoc.nn.statistics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** How different texts are from themselves and from each other; a text is a list of words. */
public final class Diversity {
    private static final int ORDERS = 4;

    private Diversity() {}

    /**
     * Different n-grams of all texts, divided by all n-grams (Li et al., arXiv:1510.03055). It falls with the amount of text.
     *
     * @return 0 where there is none
     */
    public static double distinct(List<List<String>> texts, int n) {
        Set<List<String>> different = new HashSet<>();
        long all = 0;
        for (List<String> text : texts) {
            for (int i = 0; i + n <= text.size(); i++) {
                different.add(text.subList(i, i + n));
                all++;
            }
        }
        return all == 0 ? 0 : different.size() / (double) all;
    }

    /**
     * How near a text is to the nearest of others: BLEU-4 with clipped counts and the reference of closest length, of two the
     * shorter (Papineni et al. 2002).
     *
     * @param smoothing what a number of common n-grams of 0 is taken for; 0 makes the whole 0 then
     */
    public static double bleu4(List<String> text, List<List<String>> references, double smoothing) {
        if (text.isEmpty() || references.isEmpty()) {
            return 0;
        }
        double sum = 0;
        for (int n = 1; n <= ORDERS; n++) {
            Map<List<String>, Integer> most = new HashMap<>();
            for (List<String> reference : references) {
                counts(reference, n).forEach((gram, count) -> most.merge(gram, count, Math::max));
            }
            long common = 0;
            for (Map.Entry<List<String>, Integer> gram : counts(text, n).entrySet()) {
                common += Math.min(gram.getValue(), most.getOrDefault(gram.getKey(), 0));
            }
            double found = common == 0 ? smoothing : common;
            if (found == 0) {
                return 0;
            }
            sum += StrictMath.log(found / Math.max(1, text.size() - n + 1));
        }
        return brevity(text.size(), references) * StrictMath.exp(sum / ORDERS);
    }

    private static double brevity(int length, List<List<String>> references) {
        int closest = references.stream()
                .map(List::size)
                .min((one, other) -> {
                    int nearer = Integer.compare(Math.abs(one - length), Math.abs(other - length));
                    return nearer == 0 ? Integer.compare(one, other) : nearer;
                })
                .orElseThrow();
        return length >= closest ? 1 : StrictMath.exp(1 - closest / (double) length);
    }

    private static Map<List<String>, Integer> counts(List<String> text, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= text.size(); i++) {
            counts.merge(text.subList(i, i + n), 1, Integer::sum);
        }
        return counts;
    }

    /**
     * The mean over texts of their {@link #bleu4} against all the others (Zhu et al., arXiv:1802.01886): the higher, the more
     * alike.
     *
     * @throws IllegalArgumentException of fewer than two texts
     */
    public static double selfBleu4(List<List<String>> texts, double smoothing) {
        if (texts.size() < 2) {
            throw new IllegalArgumentException(texts.size() + " texts; expected two or more");
        }
        double sum = 0;
        for (int i = 0; i < texts.size(); i++) {
            int own = i;
            List<List<String>> others = IntStream.range(0, texts.size())
                    .filter(other -> other != own)
                    .mapToObj(texts::get)
                    .toList();
            sum += bleu4(texts.get(i), others, smoothing);
        }
        return sum / texts.size();
    }
}
