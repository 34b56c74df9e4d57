package org.kolotoc.text.ngram;

import org.kolotoc.api.text.Text;

/**
 * What counting a text will take, of which only excerpts are read where it is long: half of them are counted, then all, and
 * what the second half added each further doubling of the text adds in proportion (Heaps 1978). As new sequences get rarer, this
 * is rather too much than too little.
 */
public final class Forecast {
    /** Of an entry of the vocabulary on the heap, its text included. */
    private static final long PIECE_BYTES = 128;

    /** They are spread over the text, each so many units long. */
    private static final int EXCERPTS = 64;

    private static final int UNITS = 1 << 13;

    private final NGrams ngrams;
    private final Pieces pieces;

    private Forecast(int order) {
        ngrams = new NGrams(order);
        pieces = new Pieces(ngrams::add);
    }

    /**
     * What the counts will take on the heap at most, in bytes: while they grow, half as much again as before.
     *
     * @param order pieces that are looked at together
     */
    public static long bytes(int order, Text text) {
        return new Forecast(order).of(text);
    }

    private long of(Text text) {
        if (text.length() <= EXCERPTS * UNITS) {
            text.forEach(pieces::read);
            pieces.end();
            return bytes(ngrams.sequences(), ngrams.kinds());
        }
        read(text, 0);
        double sequences = ngrams.sequences();
        double kinds = ngrams.kinds();
        read(text, 1);
        double doublings = Math.log(text.length() / (double) (EXCERPTS * UNITS)) / Math.log(2);
        return bytes(grown(sequences, ngrams.sequences(), doublings), grown(kinds, ngrams.kinds(), doublings));
    }

    /** Reads every second excerpt. */
    private void read(Text text, int first) {
        for (int i = first; i < EXCERPTS; i += 2) {
            pieces.read(text.excerpt((text.length() - UNITS) / (EXCERPTS - 1) * i, UNITS));
            pieces.end();
        }
    }

    private static long grown(double half, double all, double doublings) {
        return (long) Math.ceil(all * Math.pow(all / half, doublings));
    }

    private static long bytes(long sequences, long kinds) {
        return SequenceCounts.bytes(sequences) * 3 / 2 + PIECE_BYTES * kinds;
    }
}
