package org.kolotoc.text.bpe;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.kolotoc.api.Reached;
import org.kolotoc.api.text.Text;
import org.kolotoc.text.bpe.Vocabulary.Merge;

/**
 * Learns pairs from a text: each time the one that occurs most often in its pieces, of equally frequent ones that with the
 * lower left token, then the lower right one. Tokens 0 to 255 are the bytes, merge number {@code i} makes token
 * {@code 256 + i}.
 *
 * <p>Different pieces are counted once and hold their tokens; a merge looks only at pieces that have the pair, and a heap
 * knows the next. Entries of the heap may be old: what is polled counts if its number is the present one.
 */
final class Trainer {
    /** Tokens before the first merge. */
    static final int BYTES = 256;

    private final List<Piece> pieces = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> heap = new PriorityQueue<>();

    /** A piece of the text, and how often it is there. */
    private static final class Piece {
        private final long count;
        private int[] tokens;

        Piece(int[] tokens, long count) {
            this.tokens = tokens;
            this.count = count;
        }
    }

    /** How often a pair is there, and in which pieces it is or was. */
    private static final class Pair {
        private long count;
        /** The number that the heap has. */
        private long offered;

        private int[] pieces = new int[4];
        private int size;

        void in(int piece) {
            if (size > 0 && pieces[size - 1] == piece) {
                return;
            }
            if (size == pieces.length) {
                pieces = Arrays.copyOf(pieces, 2 * size);
            }
            pieces[size++] = piece;
        }
    }

    private record Candidate(long count, long pair) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            return count != other.count ? Long.compare(other.count, count) : Long.compare(pair, other.pair);
        }
    }

    private Trainer(Map<String, long[]> counts) {
        // In a fixed order, so that the work is the same each time too.
        new TreeMap<>(counts).forEach((text, count) -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int[] tokens = new int[bytes.length];
            Arrays.setAll(tokens, i -> bytes[i] & 0xFF);
            pieces.add(new Piece(tokens, count[0]));
        });
        for (int i = 0; i < pieces.size(); i++) {
            count(i, -1, pieces.get(i).count, new HashMap<>());
        }
        pairs.forEach(this::offer);
    }

    /**
     * Learns so many merges, or as many as there are pairs that occur often enough.
     *
     * @param least how often a pair must occur
     * @param told hears of each merge
     */
    static List<Merge> learn(Text text, Split split, int merges, int least, Reached told) {
        return new Trainer(counts(text, split)).learn(merges, least, told);
    }

    /** How often each piece is there. */
    private static Map<String, long[]> counts(Text text, Split split) {
        Map<String, long[]> counts = new HashMap<>();
        StringBuilder open = new StringBuilder();
        for (String part : text) {
            open.append(part);
            int cut = split.cut(open);
            if (cut > 0) {
                count(open.substring(0, cut), split, counts);
                open.delete(0, cut);
            }
        }
        count(open.toString(), split, counts);
        return counts;
    }

    private static void count(String text, Split split, Map<String, long[]> counts) {
        char[] units = text.toCharArray();
        for (int at = 0; at < units.length; ) {
            int end = split.next(units, at, units.length);
            counts.computeIfAbsent(new String(units, at, end - at), _ -> new long[1])[0]++;
            at = end;
        }
    }

    private List<Merge> learn(int most, int least, Reached told) {
        List<Merge> merges = new ArrayList<>();
        while (merges.size() < most && !heap.isEmpty()) {
            Candidate best = heap.poll();
            Pair pair = pairs.get(best.pair);
            if (pair == null || pair.count != best.count) {
                continue;
            }
            if (best.count < least) {
                break;
            }
            int token = BYTES + merges.size();
            merges.add(new Merge((int) (best.pair >>> 32), (int) best.pair, token));
            merge(merges.getLast(), pair);
            told.reached(merges.size(), most);
        }
        return merges;
    }

    private void merge(Merge merge, Pair pair) {
        Map<Long, Pair> changed = new HashMap<>();
        for (int i = 0; i < pair.size; i++) {
            int piece = pair.pieces[i];
            int[] merged = merged(pieces.get(piece).tokens, merge);
            if (merged.length < pieces.get(piece).tokens.length) {
                count(piece, merge.token(), -pieces.get(piece).count, changed);
                pieces.get(piece).tokens = merged;
                count(piece, merge.token(), pieces.get(piece).count, changed);
            }
        }
        changed.forEach((key, known) -> {
            if (known.count == 0) {
                pairs.remove(key);
            } else if (known.count != known.offered) {
                offer(key, known);
            }
        });
    }

    private void offer(long key, Pair pair) {
        pair.offered = pair.count;
        heap.add(new Candidate(pair.count, key));
    }

    /**
     * Adds to the number of each pair in a piece.
     *
     * @param token pairs with it are new in this piece; all are where it is -1
     * @param more how often the piece comes, or goes
     * @param changed gets the pairs
     */
    private void count(int piece, int token, long more, Map<Long, Pair> changed) {
        int[] tokens = pieces.get(piece).tokens;
        for (int i = 0; i + 1 < tokens.length; i++) {
            long key = (long) tokens[i] << 32 | tokens[i + 1];
            Pair pair = pairs.computeIfAbsent(key, _ -> new Pair());
            pair.count += more;
            if (token < 0 || tokens[i] == token || tokens[i + 1] == token) {
                pair.in(piece);
            }
            changed.put(key, pair);
        }
    }

    /** Tokens with a pair of them merged, from the left. */
    private static int[] merged(int[] tokens, Merge merge) {
        int[] merged = new int[tokens.length];
        int size = 0;
        for (int i = 0; i < tokens.length; i++) {
            boolean is = i + 1 < tokens.length && tokens[i] == merge.left() && tokens[i + 1] == merge.right();
            merged[size++] = is ? merge.token() : tokens[i];
            i += is ? 1 : 0;
        }
        return Arrays.copyOf(merged, size);
    }
}
