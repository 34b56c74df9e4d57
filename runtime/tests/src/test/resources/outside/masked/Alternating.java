package masked;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.text.ShuffledTargets;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/** Rows like {@code a b a b a}, of different lengths, with some tokens hidden behind {@link #MASK}. */
@Component
@Seat(kind = Seat.DATA, id = "alternating", summary = "two tokens in turn, some hidden")
public final class Alternating implements DataSource<Alternating.Rows> {
    /** The token in the place of what is to be told. */
    static final int MASK = 0;

    private static final int HELD_OUT = 100;

    public record Rows(
            @Default("8") @Range(min = 2, max = 1000) int words,
            @Default("6") @Range(min = 4) int shortest,
            @Default("12") @Range(min = 4) int longest,

            @Settings.Help("the token behind the end of a row") @Default("0") @Range(min = 0)
            int padding) {}

    public Dataset open(Rows own, DataContext context) {
        if (own.shortest() > own.longest()) {
            throw InputError.field("shortest", own.shortest() + " is more than the longest, " + own.longest());
        }
        if (own.padding() > own.words()) {
            throw InputError.field("padding", own.padding() + " is no token; expected at most " + own.words());
        }
        return new Hidden(own);
    }

    private record Hidden(Rows own) implements Dataset {
        public Dimensions dimensions() {
            return Dimensions.of("vocab", own.words() + 1);
        }

        public List<String> splits() {
            return List.of("train", "validation");
        }

        public List<Signature.Port> fields() {
            return Signature.parse("-> i32 tokens[batch,time]; bool present[batch,time]; i32 targets[batch,time];"
                            + " f32 weights[batch,time]")
                    .outputs();
        }

        public Map<String, Dataset> controls() {
            return Map.of("shuffled", new ShuffledTargets(this));
        }

        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            if (!splits().contains(split)) {
                throw InputError.of("there is no part '" + split + "'", "choose one of " + splits());
            }
            if (axes.get("time") < own.longest()) {
                throw InputError.of(
                        "rows of " + axes.get("time") + " tokens are too short: the longest has " + own.longest(),
                        "give the phase and the model at least so many");
            }
            return split.equals("train")
                    ? Batches.endless(fields(), axes, HELD_OUT, row(new CounterRandom(seed, "alternating")))
                    : Batches.passes(fields(), axes, HELD_OUT, row(new CounterRandom(0, "alternating, held out")));
        }

        private Batches.Row row(CounterRandom random) {
            return (number, out) -> {
                long draw = number * (own.longest() + 4L);
                int length = own.shortest() + random.integer(draw, own.longest() - own.shortest() + 1);
                int even = random.integer(draw + 1, own.words());
                int odd = (even + 1 + random.integer(draw + 2, own.words() - 1)) % own.words();
                int hidden = random.integer(draw + 3, length);
                int[] tokens = out.ints("tokens");
                Arrays.fill(tokens, own.padding());
                for (int at = 0; at < length; at++) {
                    int token = 1 + (at % 2 == 0 ? even : odd);
                    boolean hides = at == hidden || random.uniform(draw + 4 + at) < 0.2;
                    tokens[at] = hides ? MASK : token;
                    out.ints("present")[at] = 1;
                    out.ints("targets")[at] = token;
                    out.floats("weights")[at] = hides ? 1 : 0;
                }
            };
        }
    }
}
