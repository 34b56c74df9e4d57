package org.kolotoc.text.bpe;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The bytes of each token and the pairs that become one. Special tokens have no bytes here. */
public final class Vocabulary {
    private final byte[][] tokens;
    private final Pairs pairs;
    private final Optional<ByteIndex> whole;

    private Vocabulary(byte[][] tokens, Pairs pairs, Optional<ByteIndex> whole) {
        this.tokens = tokens;
        this.pairs = pairs;
        this.whole = whole;
    }

    /** Three numbers of tokens: the second follows the first, and both become the third. */
    public record Merge(int left, int right, int token) {}

    /**
     * Of tokens and the pairs that become one, in order.
     *
     * @param tokens bytes by number; null where a number is no token of text
     * @param whole whether a piece that is a token is taken as it is, whatever pairs there are
     */
    public static Vocabulary ofMerges(byte[][] tokens, List<Merge> merges, boolean whole) {
        Pairs pairs = new Pairs(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            Merge merge = merges.get(rank);
            pairs.add(merge.left(), merge.right(), rank, merge.token());
        }
        return new Vocabulary(tokens, pairs, whole ? Optional.of(new ByteIndex(tokens)) : Optional.empty());
    }

    /**
     * Of tokens alone, as rank files have them: any two that are a token together become it, that of the lowest number first;
     * a piece that is a token is taken as it is.
     */
    public static Vocabulary ofRanks(byte[][] tokens) {
        ByteIndex known = new ByteIndex(tokens);
        Pairs pairs = new Pairs(2 * tokens.length);
        for (int token = 0; token < tokens.length; token++) {
            byte[] bytes = tokens[token];
            for (int cut = 1; bytes != null && cut < bytes.length; cut++) {
                int left = known.find(bytes, 0, cut);
                int right = left < 0 ? -1 : known.find(bytes, cut, bytes.length);
                if (right >= 0) {
                    pairs.add(left, right, token, token);
                }
            }
        }
        return new Vocabulary(tokens, pairs, Optional.of(known));
    }

    Pairs pairs() {
        return pairs;
    }

    /** One more than the highest number of a token. */
    int size() {
        return tokens.length;
    }

    /** Bytes of a token; null where it is none of text. */
    byte[] bytes(int token) {
        return token >= 0 && token < tokens.length ? tokens[token] : null;
    }

    /** The token that a piece is as it is; -1 where pairs are looked for. */
    int whole(byte[] piece) {
        return whole.isPresent() ? whole.get().find(piece, 0, piece.length) : -1;
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
