package reversed;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/** Pairs of a row of digits, which ends where its field does, and the same from its end. */
@Component
@Seat(kind = Seat.DATA, id = "digits", summary = "rows of digits, and what they are read backwards")
public final class Digits implements DataSource<Digits.Rows> {
    static final int END = 0;
    static final int START = 1;
    static final int ZERO = 2;

    private static final int HELD_OUT = 100;

    public record Rows(
            @Default("5") @Range(min = 2, max = 50) int longest) {}

    public Dataset open(Rows own, DataContext context) {
        return new Pairs(own.longest(), false);
    }

    /** How many digits a row has: 1 to {@code longest}. */
    static int length(CounterRandom random, long number, int longest) {
        return 1 + random.integer(number * (longest + 1L), longest);
    }

    /** The token of a row's digit, the last one being the first here. */
    static int digit(CounterRandom random, long number, int longest, int fromTheEnd) {
        return ZERO + random.integer(number * (longest + 1L) + 1 + fromTheEnd, 10);
    }

    /** @param wrong whether the second of a pair belongs to another first */
    private record Pairs(int longest, boolean wrong) implements Dataset {
        public Dimensions dimensions() {
            return new Dimensions(Map.of("vocab", ZERO + 10, "from", longest, "to", longest + 1));
        }

        public List<String> splits() {
            return List.of("train", "validation");
        }

        public List<Signature.Port> fields() {
            return Signature.parse("-> i32 source[batch,from]; i32 target[batch,to]; i32 next[batch,to]; f32"
                            + " weights[batch,to]")
                    .outputs();
        }

        public Map<String, Dataset> controls() {
            return Map.of("shuffled", new Pairs(longest, true));
        }

        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            if (!splits().contains(split)) {
                throw InputError.of("there is no part '" + split + "'", "choose one of " + splits());
            }
            return split.equals("train")
                    ? Batches.endless(fields(), axes, HELD_OUT, row(new CounterRandom(seed, "digits")))
                    : Batches.passes(fields(), axes, HELD_OUT, row(new CounterRandom(0, "digits, held out")));
        }

        private Batches.Row row(CounterRandom random) {
            return (number, out) -> {
                int[] source = out.ints("source");
                for (int at = 0; at < length(random, number, longest); at++) {
                    source[longest - 1 - at] = digit(random, number, longest, at);
                }
                long other = wrong ? number + 1 : number;
                int length = length(random, other, longest);
                out.ints("target")[0] = START;
                for (int at = 0; at < length; at++) {
                    out.ints("next")[at] = digit(random, other, longest, at);
                    out.ints("target")[at + 1] = out.ints("next")[at];
                }
                Arrays.fill(out.floats("weights"), 0, length + 1, 1);
            };
        }
    }
}
