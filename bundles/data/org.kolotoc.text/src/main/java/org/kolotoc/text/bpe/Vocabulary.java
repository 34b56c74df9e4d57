package org.kolotoc.text.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes of each token and the pairs that become one. Special tokens have no bytes here.
 *
 * @param tokens bytes by token; null where a number is no token of text
 * @param whole tokens by their bytes, as Latin-1, where a piece that is a token is taken as it is; else empty
 */
public record Vocabulary(byte[][] tokens, Pairs pairs, Map<String, Integer> whole) {
    /** Three numbers of tokens: the second follows the first, and both become the third. */
    public record Merge(int left, int right, int token) {}

    /**
     * Of tokens and the pairs that become one, in order.
     *
     * @param whole whether a piece that is a token is taken as it is, whatever pairs there are
     */
    public static Vocabulary ofMerges(byte[][] tokens, List<Merge> merges, boolean whole) {
        Pairs pairs = new Pairs(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            Merge merge = merges.get(rank);
            pairs.add(merge.left(), merge.right(), rank, merge.token());
        }
        return new Vocabulary(tokens, pairs, whole ? byBytes(tokens) : Map.of());
    }

    /** Of tokens alone, as rank files have them: any two that are a token together become it, that of the lowest number first. */
    public static Vocabulary ofRanks(byte[][] tokens) {
        Map<String, Integer> known = byBytes(tokens);
        Pairs pairs = new Pairs(2 * tokens.length);
        known.forEach((bytes, token) -> {
            for (int cut = 1; cut < bytes.length(); cut++) {
                Integer left = known.get(bytes.substring(0, cut));
                Integer right = left == null ? null : known.get(bytes.substring(cut));
                if (right != null) {
                    pairs.add(left, right, token, token);
                }
            }
        });
        return new Vocabulary(tokens, pairs, known);
    }

    private static Map<String, Integer> byBytes(byte[][] tokens) {
        Map<String, Integer> known = HashMap.newHashMap(tokens.length);
        for (int token = 0; token < tokens.length; token++) {
            if (tokens[token] != null) {
                known.put(new String(tokens[token], StandardCharsets.ISO_8859_1), token);
            }
        }
        return known;
    }

    /** The token of each byte; -1 where there is none. */
    int[] ofBytes() {
        int[] found = new int[256];
        Arrays.fill(found, -1);
        for (int token = tokens.length - 1; token >= 0; token--) {
            if (tokens[token] != null && tokens[token].length == 1) {
                found[tokens[token][0] & 0xFF] = token;
            }
        }
        return found;
    }
}
