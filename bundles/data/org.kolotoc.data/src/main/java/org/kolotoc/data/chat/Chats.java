package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Signature;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Text;
import org.kolotoc.tensor.CounterRandom;

/** Exchanges as rows of tokens, of which those of the answer count. */
final class Chats implements ChatDataset {
    static final String TRAIN = "train";

    private final Rows rows;
    private final Dimensions dimensions;
    private final Map<String, List<Exchange>> parts = new TreeMap<>();
    private final Map<String, List<Rows.Row>> encoded = new TreeMap<>();

    private Chats(Rows rows, Map<String, List<Exchange>> parts) {
        this.rows = rows;
        new TreeMap<>(parts).forEach((split, exchanges) -> {
            List<Exchange> kept = new ArrayList<>();
            List<Rows.Row> made = new ArrayList<>();
            for (Exchange exchange : exchanges) {
                rows.row(exchange).ifPresent(row -> {
                    kept.add(exchange);
                    made.add(row);
                });
            }
            this.parts.put(split, List.copyOf(kept));
            this.encoded.put(split, List.copyOf(made));
        });
        this.dimensions = measured();
    }

    /**
     * Encodes exchanges.
     *
     * @param parts {@code train} and others
     * @param beside a text that the tokenizer has to read too, where it is made for these exchanges
     * @throws InputError when nothing is left for training
     */
    static Chats of(
            Map<String, List<Exchange>> parts,
            ChatTemplate template,
            Lengths lengths,
            DataContext context,
            String beside) {
        StringBuilder text = new StringBuilder(beside).append(template.reward());
        parts.get(TRAIN).forEach(exchange -> text.append(template.text(exchange)));
        Rows rows = new Rows(new ChatTokens(template, context.tokenizer(Text.of(text.toString()))), lengths);
        Chats chats = new Chats(rows, parts);
        rows.tell(context.ledger());
        Rows.requireSome(chats.encoded.get(TRAIN).size());
        chats.encoded.values().removeIf(List::isEmpty);
        chats.parts.values().removeIf(List::isEmpty);
        return chats;
    }

    @Override
    public ChatTokens tokens() {
        return rows.tokens();
    }

    @Override
    public List<Exchange> exchanges(String split) {
        return part(parts, split);
    }

    @Override
    public int[] prompt(String question) {
        return rows.prompt(question);
    }

    private static <T> T part(Map<String, T> parts, String split) {
        T part = parts.get(split);
        if (part == null) {
            throw InputError.of("the data has no part '" + split + "', only " + parts.keySet(), "");
        }
        return part;
    }

    private Stream<Rows.Row> all() {
        return encoded.values().stream().flatMap(List::stream);
    }

    @Override
    public Dimensions dimensions() {
        return dimensions;
    }

    private Dimensions measured() {
        return new Dimensions(Map.of(
                "vocab", tokens().tokenizer().vocab(),
                "time", all().mapToInt(row -> row.tokens().length - 1).max().orElse(0),
                "prompt", all().mapToInt(Rows.Row::answer).max().orElse(0)));
    }

    @Override
    public List<String> splits() {
        return List.copyOf(encoded.keySet());
    }

    @Override
    public List<Signature.Port> fields() {
        return Signature.parse("-> i32 tokens[batch,time]; i32 targets[batch,time]; f32 weights[batch,time]")
                .outputs();
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        List<Rows.Row> part = part(encoded, split);
        Map<String, Integer> extents = new HashMap<>(dimensions().extents());
        extents.putAll(axes);
        Rows.requireRoom(dimensions(), extents);
        int time = extents.get("time");
        int pad = tokens().pad();
        Batches.Row row = (number, out) -> part.get((int) number)
                .write(0, pad, out.ints("tokens"), out.ints("targets"), out.floats("weights"), time);
        return split.equals(TRAIN)
                ? Batches.shuffled(fields(), extents, part.size(), new CounterRandom(seed, "chats"), row)
                : Batches.passes(fields(), extents, part.size(), row);
    }

    /** Each question with the answer to another. */
    @Override
    public Map<String, Dataset> controls() {
        Map<String, List<Exchange>> moved = new TreeMap<>();
        parts.forEach((split, exchanges) -> {
            List<Exchange> others = new ArrayList<>();
            for (int i = 0; i < exchanges.size(); i++) {
                Exchange other = exchanges.get((i + 1) % exchanges.size());
                others.add(new Exchange(exchanges.get(i).question(), other.answer()));
            }
            moved.put(split, others);
        });
        return Map.of("shuffled", new Chats(rows, moved));
    }

    @Override
    public Held held() {
        return new Held(all().mapToLong(row -> 4L * row.tokens().length).sum(), 0);
    }
}
