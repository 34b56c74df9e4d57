package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Signature;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Text;
import org.kolotoc.tensor.CounterRandom;

/**
 * Answers in order, the best first, as rows of tokens: question, answer, what ends it, the mark where a reward is read. Of
 * an exchange there is the best answer.
 */
final class Rankings implements ChatDataset {
    private static final String TRAIN = "train";

    private final Rows rows;
    private final Dimensions dimensions;
    private final int answers;
    private final Map<String, List<Ranking>> parts = new TreeMap<>();
    private final Map<String, List<Encoded>> encoded = new TreeMap<>();
    private int equal;

    /** @param qualities see {@link Ranking#qualities} */
    private record Encoded(List<Rows.Row> answers, float[] qualities) {}

    private Rankings(Rows rows, Map<String, List<Ranking>> parts) {
        this.rows = rows;
        this.answers = parts.get(TRAIN).stream()
                .mapToInt(ranking -> ranking.answers().size())
                .findFirst()
                .orElse(0);
        new TreeMap<>(parts).forEach((split, rankings) -> {
            List<Ranking> kept = new ArrayList<>();
            List<Encoded> made = new ArrayList<>();
            for (Ranking ranking : rankings) {
                encoded(ranking).ifPresent(each -> {
                    kept.add(ranking);
                    made.add(each);
                });
            }
            if (!kept.isEmpty()) {
                this.parts.put(split, List.copyOf(kept));
                this.encoded.put(split, List.copyOf(made));
            }
        });
        this.dimensions = measured();
    }

    private Optional<Encoded> encoded(Ranking ranking) {
        if (ranking.hasEqualAnswers()) {
            equal++;
            return Optional.empty();
        }
        List<Rows.Row> made = new ArrayList<>();
        float[] qualities = new float[answers];
        for (int i = 0; i < answers; i++) {
            Optional<Rows.Row> row =
                    rows.row(new Exchange(ranking.question(), ranking.answers().get(i)));
            if (row.isEmpty()) {
                return Optional.empty();
            }
            made.add(row.get());
            qualities[i] = ranking.qualities().get(i).floatValue();
        }
        return Optional.of(new Encoded(made, qualities));
    }

    /**
     * Encodes rankings, all of as many answers.
     *
     * @param beside a text that the tokenizer has to read too, where it is made for these answers
     * @throws InputError when nothing is left for training
     */
    static Rankings of(
            Map<String, List<Ranking>> parts,
            ChatTemplate template,
            Lengths lengths,
            DataContext context,
            String beside) {
        StringBuilder text = new StringBuilder(beside).append(template.reward());
        for (Ranking ranking : parts.get(TRAIN)) {
            ranking.answers().forEach(answer -> text.append(template.text(new Exchange(ranking.question(), answer))));
        }
        ChatTokens tokens = new ChatTokens(template, context.tokenizer(Text.of(text.toString())));
        tokens.reward();
        Rankings rankings = new Rankings(new Rows(tokens, lengths), parts);
        rankings.rows.tell(context.ledger());
        if (rankings.equal > 0) {
            context.ledger()
                    .note(
                            Ledger.Kind.SKIPPED,
                            "",
                            rankings.equal + " questions have two equal answers, of which none is better: left out");
        }
        Rows.requireSome(rankings.parts.getOrDefault(TRAIN, List.of()).size());
        return rankings;
    }

    @Override
    public ChatTokens tokens() {
        return rows.tokens();
    }

    @Override
    public List<Exchange> exchanges(String split) {
        return part(parts, split).stream().map(Ranking::best).toList();
    }

    /** All answers of a part in their order. */
    List<Ranking> rankings(String split) {
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
        return encoded.values().stream().flatMap(List::stream).flatMap(each -> each.answers().stream());
    }

    @Override
    public Dimensions dimensions() {
        return dimensions;
    }

    private Dimensions measured() {
        int mark = tokens().judged(new int[0], new int[0]).length;
        return new Dimensions(Map.of(
                "vocab",
                tokens().tokenizer().vocab(),
                "answer",
                answers,
                "time",
                mark + all().mapToInt(row -> row.tokens().length).max().orElse(0),
                "prompt",
                all().mapToInt(Rows.Row::answer).max().orElse(0)));
    }

    @Override
    public List<String> splits() {
        return List.copyOf(encoded.keySet());
    }

    @Override
    public List<Signature.Port> fields() {
        return Signature.parse("-> i32 tokens[batch,answer,time]; i32 targets[batch,answer,time];"
                        + " f32 weights[batch,answer,time]; f32 quality[batch,answer]")
                .outputs();
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        List<Encoded> part = part(encoded, split);
        Map<String, Integer> extents = new HashMap<>(dimensions().extents());
        extents.putAll(axes);
        Rows.requireRoom(dimensions(), extents);
        int time = extents.get("time");
        int[] mark = tokens().judged(new int[0], new int[0]);
        Batches.Row row = (number, out) -> {
            Encoded ranking = part.get((int) number);
            int[] into = out.ints("tokens");
            for (int i = 0; i < answers; i++) {
                Rows.Row answer = ranking.answers().get(i);
                answer.write(i * time, tokens().pad(), into, out.ints("targets"), out.floats("weights"), time);
                // What ends the answer stands before the mark, though nothing has to follow it.
                int end = i * time + answer.tokens().length - 1;
                into[end] = answer.tokens()[answer.tokens().length - 1];
                System.arraycopy(mark, 0, into, end + 1, mark.length);
            }
            System.arraycopy(ranking.qualities(), 0, out.floats("quality"), 0, answers);
        };
        return split.equals(TRAIN)
                ? Batches.shuffled(fields(), extents, part.size(), new CounterRandom(seed, "rankings"), row)
                : Batches.passes(fields(), extents, part.size(), row);
    }

    /** Each question with the answers to another, in their order. */
    @Override
    public Map<String, Dataset> controls() {
        Map<String, List<Ranking>> moved = new TreeMap<>();
        parts.forEach((split, rankings) -> {
            List<Ranking> others = new ArrayList<>();
            for (int i = 0; i < rankings.size(); i++) {
                Ranking other = rankings.get((i + 1) % rankings.size());
                others.add(new Ranking(rankings.get(i).question(), other.answers(), other.qualities()));
            }
            moved.put(split, others);
        });
        return Map.of("shuffled", new Rankings(rows, moved));
    }

    @Override
    public Held held() {
        return new Held(all().mapToLong(row -> 4L * row.tokens().length).sum(), 0);
    }
}
