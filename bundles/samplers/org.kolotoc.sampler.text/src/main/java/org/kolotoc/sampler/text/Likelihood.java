package org.kolotoc.sampler.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.text.Choice;
import org.kolotoc.api.text.ScoredChoice;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** How likely a causal language model holds what stands behind a text, whole texts at once, several side by side. */
final class Likelihood implements AutoCloseable {
    private static final String FIELD = "prefix";

    private final ChoicesSettings settings;
    private final ProgramContext context;
    private final Tokenizer tokenizer;
    private final int[] prefix;
    private final int time;
    private final BoundProgram program;

    /** What an option and what follows it have. */
    private record Scored(double logProbability, int tokens, int bytes) {}

    /** @param all choices that may be asked for */
    Likelihood(ChoicesSettings settings, ProgramContext context, List<Choice> all) {
        this.settings = settings;
        this.context = context;
        this.tokenizer = context.tokenizer();
        this.prefix = prefix(settings.prefix());
        Model model = context.model(TextSampler.MODEL);
        int longest = prefix.length + longest(all, choice -> encoded(choice.before()).length + longestBehind(choice));
        int limit = model.limits().getOr("time", Integer.MAX_VALUE);
        if (longest - 1 > limit) {
            context.ledger()
                    .note(
                            Ledger.Kind.TRUNCATED,
                            "",
                            "texts with their options have up to " + longest
                                    + " tokens, of which the model sees the last " + limit);
        }
        // As a control, options stand behind the texts of others.
        int room = prefix.length
                + longest(all, choice -> encoded(choice.before()).length)
                + longest(all, this::longestBehind);
        this.time = Math.min(room - 1, limit);
        this.program = context.prepare("likelihood", program(model));
    }

    private int[] prefix(String text) {
        try {
            return tokenizer.encode(text);
        } catch (InputError e) {
            throw InputError.field(FIELD, "'" + text + "': " + e.getMessage() + "; " + e.next());
        }
    }

    private int[] encoded(String text) {
        try {
            return tokenizer.encode(text);
        } catch (InputError e) {
            throw InputError.of("the gap '" + text + "' of the data can't be read: " + e.getMessage(), e.next(), e);
        }
    }

    private static int longest(List<Choice> all, ToIntFunction<Choice> length) {
        return all.stream().mapToInt(length).max().orElseThrow();
    }

    private int longestBehind(Choice choice) {
        return IntStream.range(0, choice.options().size())
                .map(option -> encoded(choice.behind(option)).length)
                .max()
                .orElseThrow();
    }

    private Program program(Model model) {
        Tracer tracer = new Tracer();
        Shape shape = Shape.of(settings.batch(), time);
        Tensor tokens = tracer.feed("tokens", DType.I32, shape);
        Tensor targets = tracer.feed("targets", DType.I32, shape);
        Tensor weights = tracer.feed("weights", DType.F32, shape);
        Tensor logits = model.forward(
                        model.weights(tracer, TextSampler.MODEL), Map.of("tokens", tokens), Pass.inference())
                .get("logits");
        Tensor losses = Functions.crossEntropy(logits, targets);
        Tensor none = weights.eq(weights.constant(0));
        tracer.output(
                "log-probability", none.select(losses.constant(0), losses.neg()).sum(-1));
        return tracer.program();
    }

    /**
     * Fills gaps.
     *
     * @param asked whose options are tried
     * @param contexts whose texts stand before these; as many
     */
    List<ScoredChoice> scored(List<Choice> asked, List<Choice> contexts) {
        List<int[][]> rows = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            for (int option = 0; option < asked.get(i).options().size(); option++) {
                rows.add(new int[][] {
                    encoded(contexts.get(i).before()), encoded(asked.get(i).behind(option))
                });
            }
        }
        double[] logProbabilities = logProbabilities(rows);
        List<ScoredChoice> scored = new ArrayList<>();
        int row = 0;
        for (Choice choice : asked) {
            List<Scored> options = new ArrayList<>();
            for (int option = 0; option < choice.options().size(); option++, row++) {
                options.add(new Scored(
                        logProbabilities[row],
                        rows.get(row)[1].length,
                        choice.behind(option).getBytes(StandardCharsets.UTF_8).length));
            }
            scored.add(scored(choice, options));
        }
        return scored;
    }

    private ScoredChoice scored(Choice choice, List<Scored> options) {
        double highest =
                options.stream().mapToDouble(Scored::logProbability).max().orElseThrow();
        double sum = options.stream()
                .mapToDouble(option -> StrictMath.exp(option.logProbability() - highest))
                .sum();
        return new ScoredChoice(
                choice,
                options.stream()
                        .map(option -> StrictMath.exp(option.logProbability() - highest) / sum)
                        .toList(),
                options.stream()
                        .map(option -> option.logProbability()
                                / switch (settings.normalize()) {
                                    case BYTES -> option.bytes();
                                    case TOKENS -> option.tokens();
                                    case NONE -> 1;
                                })
                        .toList());
    }

    /** @param rows each what is read and what is measured behind it */
    private double[] logProbabilities(List<int[][]> rows) {
        int batch = settings.batch();
        double[] found = new double[rows.size()];
        float[] sums = new float[batch];
        for (int first = 0; first < rows.size(); first += batch) {
            int[] tokens = new int[batch * time];
            int[] targets = new int[batch * time];
            float[] weights = new float[batch * time];
            int count = Math.min(batch, rows.size() - first);
            for (int row = 0; row < count; row++) {
                write(rows.get(first + row), row * time, tokens, targets, weights);
            }
            program.buffer("tokens").write(tokens);
            program.buffer("targets").write(targets);
            program.buffer("weights").write(weights);
            program.run();
            program.buffer("log-probability").read(sums);
            for (int row = 0; row < count; row++) {
                found[first + row] = sums[row];
            }
        }
        return found;
    }

    /** The last tokens that there is room for; what follows them is not looked at. */
    private void write(int[][] row, int at, int[] tokens, int[] targets, float[] weights) {
        int[] all = Arrays.copyOf(prefix, prefix.length + row[0].length + row[1].length);
        System.arraycopy(row[0], 0, all, prefix.length, row[0].length);
        System.arraycopy(row[1], 0, all, prefix.length + row[0].length, row[1].length);
        int from = Math.max(0, all.length - 1 - time);
        int measured = all.length - row[1].length;
        for (int i = from; i + 1 < all.length; i++) {
            tokens[at + i - from] = all[i];
            targets[at + i - from] = all[i + 1];
            weights[at + i - from] = i + 1 >= measured ? 1 : 0;
        }
    }

    /** What it takes beside the weights. */
    long bytes() {
        return program.explain().scratchBytes() + program.explain().feedBytes();
    }

    @Override
    public void close() {
        program.close();
    }
}
