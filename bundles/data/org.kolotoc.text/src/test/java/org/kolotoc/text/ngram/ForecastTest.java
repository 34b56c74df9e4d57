package org.kolotoc.text.ngram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.text.Text;

class ForecastTest {
    /** Words by a law of Zipf, in sentences that come again in part: {@code fresh} is the share of new ones. */
    private static String written(int units, double fresh) {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        StringBuilder told = new StringBuilder();
        while (text.length() < units) {
            if (random.nextDouble() < fresh || told.isEmpty()) {
                told.setLength(0);
                for (int word = 0; word < 9; word++) {
                    told.append((int) Math.exp(random.nextDouble() * 10)).append(' ');
                }
                told.append(".\n");
            }
            text.append(told);
        }
        return text.toString();
    }

    private static long counted(int order, String text) {
        NGrams ngrams = new NGrams(order);
        Pieces.of(text).forEach(ngrams::add);
        return SequenceCounts.bytes(ngrams.sequences()) * 3 / 2 + 128L * ngrams.kinds();
    }

    /** Not less than it will be, nor more than the doubling of arrays makes of a little more. */
    @Test
    void aLongTextIsForetoldFromExcerpts() {
        for (double fresh : new double[] {1, 0.3}) {
            String text = written(6_000_000, fresh);
            for (int order : new int[] {1, 3, 5}) {
                double ratio = Forecast.bytes(order, Text.of(text)) / (double) counted(order, text);
                assertTrue(ratio >= 1 && ratio < 2.5, () -> ratio + " of what it is, order " + order + ", " + fresh);
            }
        }
    }

    @Test
    void aShortTextIsCounted() {
        String text = written(400_000, 0.5);
        assertEquals(counted(4, text), Forecast.bytes(4, Text.of(text)));
        assertTrue(Forecast.bytes(4, Text.of("")) > 0);
    }

    /** However long the text is. */
    @Test
    void onlyExcerptsAreRead() {
        long[] read = {0};
        String text = written(3_000_000, 1);
        Forecast.bytes(3, new Text() {
            @Override
            public long length() {
                return text.length();
            }

            @Override
            public String excerpt(long from, int length) {
                read[0] += length;
                return Text.of(text).excerpt(from, length);
            }

            @Override
            public Iterator<String> iterator() {
                throw new AssertionError("all of it is read");
            }
        });
        assertTrue(read[0] > 0 && read[0] <= 1 << 19, read[0] + " units");
    }
}
