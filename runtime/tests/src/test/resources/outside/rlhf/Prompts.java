package rlhf;

import java.util.*;
import java.util.stream.IntStream;
import org.kolotoc.api.*;
import org.kolotoc.api.text.*;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/** Beginnings of texts, of different lengths; every fourth is held out. */
@Component
@Seat(kind = Seat.DATA, id = "prompts", summary = "beginnings that a policy goes on from")
public final class Prompts implements DataSource<Prompts.Texts> {
    public record Texts(List<String> texts) {}

    public Dataset open(Texts own, DataContext context) {
        if (own.texts().size() < 4 || own.texts().contains("")) {
            throw InputError.field("texts", "are " + own.texts() + "; expected at least four, none of them empty");
        }
        var tokenizer = context.tokenizer(Text.of(String.join("\n", own.texts())));
        return new Encoded(
                tokenizer.vocab(), own.texts().stream().map(tokenizer::encode).toList());
    }

    private record Encoded(int vocab, List<int[]> texts) implements Dataset {
        public Dimensions dimensions() {
            int longest = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
            return new Dimensions(Map.of("vocab", vocab, "prompt", longest));
        }

        public List<String> splits() {
            return List.of("train", "validation");
        }

        public List<Signature.Port> fields() {
            return Signature.parse("-> i32 prompts[batch,prompt]; i32 lengths[batch]")
                    .outputs();
        }

        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            if (!splits().contains(split)) {
                throw InputError.of("there is no part '" + split + "'", "choose one of " + splits());
            }
            boolean train = split.equals("train");
            int[][] part = IntStream.range(0, texts.size())
                    .filter(at -> train == (at % 4 != 3))
                    .mapToObj(texts::get)
                    .toArray(int[][]::new);
            var random = new CounterRandom(seed, "prompts");
            return train
                    ? Batches.endless(
                            fields(),
                            axes,
                            part.length,
                            (number, out) -> write(part[random.integer(number, part.length)], out))
                    : Batches.passes(fields(), axes, part.length, (number, out) -> write(part[(int) number], out));
        }

        private static void write(int[] text, Batches.Fields out) {
            System.arraycopy(text, 0, out.ints("prompts"), 0, text.length);
            out.ints("lengths")[0] = text.length;
        }
    }
}
