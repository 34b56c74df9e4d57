package org.kolotoc.api.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * A session that remembers what it read. It has two programs: one reads a token of each row, the other {@link #CHUNK}; which
 * of them reads a token depends on nothing but the token's own row.
 *
 * <p>When the context of a row is full, the last {@link #KEPT} of it is read again and the rest forgotten.
 */
public final class CachedLanguageSession implements LanguageSession {
    /** Share of a full context that is kept. Less forgets more, more reads again more often. */
    public static final double KEPT = 0.5;

    /** Tokens of each row that a run reads at once. */
    static final int CHUNK = 64;

    /** Length of the context where the model sets no limit. */
    static final int UNLIMITED = 256;

    private final ProgramContext context;
    private final String name;
    private final List<Parameter> cache;
    private final int length;
    private final Reading one;
    private final Reading many;
    private BoundProgram reordering;

    /** Tokens of each row that are remembered, from position 0 on, and how many. */
    private final int[][] read;

    private final int[] counts;
    private final float[][] logits;

    /** Numbers that stand for no token. */
    private final int[] gaps;

    /**
     * Compiles the reading of a token and of many.
     *
     * @param formal the model by the asker's own name for it
     * @param name of the session, see {@link LanguageSession#of}
     */
    public CachedLanguageSession(ProgramContext context, String formal, String name, IncrementalModel model, int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("a session of " + rows + " rows, expected at least 1");
        }
        this.context = context;
        this.name = name;
        this.length = model.limits().getOr("time", UNLIMITED);
        int chunk = Math.min(CHUNK, length);
        // Where a row is full, what pads a chunk needs a place too.
        this.cache = model.cache(rows, length + chunk);
        this.read = new int[rows][length];
        this.counts = new int[rows];
        context.state().declareScratch(name, cache);
        this.one = new Reading(model, formal, 1);
        this.many = new Reading(model, formal, chunk);
        this.logits = new float[rows][vocab()];
        this.gaps = gaps(context);
    }

    /** A language that is no text has none. */
    private static int[] gaps(ProgramContext context) {
        try {
            return context.tokenizer().gaps();
        } catch (InputError _) {
            return new int[0];
        }
    }

    /** The cache as leaves of a program. */
    private Map<String, Tensor> leaves(Tracer tracer) {
        Map<String, Tensor> leaves = new LinkedHashMap<>();
        for (Parameter parameter : cache) {
            leaves.put(
                    parameter.name(),
                    tracer.state(name + "/" + parameter.name(), parameter.dtype(), parameter.shape()));
        }
        return leaves;
    }

    /** A program that reads so many tokens of each row, and what it is fed. */
    private final class Reading {
        private final int time;
        private final int[] tokens;
        private final int[] taken;
        private final float[] results;
        private final BoundProgram program;

        Reading(IncrementalModel model, String formal, int time) {
            this.time = time;
            this.tokens = new int[rows() * time];
            this.taken = new int[rows()];
            this.program = context.prepare(name + "/read " + time, trace(model, formal));
            this.results = new float[program.buffer("logits").shape().size()];
        }

        private Program trace(IncrementalModel model, String formal) {
            Tracer tracer = new Tracer();
            Tensor text = tracer.feed("tokens", DType.I32, Shape.of(rows(), time));
            Tensor positions = tracer.feed("positions", DType.I32, Shape.of(rows()));
            Tensor taking = tracer.feed("counts", DType.I32, Shape.of(rows()));
            Map<String, Tensor> leaves = leaves(tracer);
            Weights weights = model.weights(tracer, formal);
            IncrementalModel.Extension extension = model.extend(weights, text, positions, taking, leaves::get);
            extension.cache().forEach((part, value) -> tracer.update(leaves.get(part), value));
            tracer.output("logits", extension.logits());
            return tracer.program();
        }

        /** Reads what is left of some rows, up to so many tokens of each. */
        void run(int[][] rest, int[] at, boolean[] reads) {
            boolean complete = false;
            for (int row = 0; row < rows(); row++) {
                taken[row] = reads[row] ? Math.min(time, rest[row].length - at[row]) : 0;
                System.arraycopy(rest[row], at[row], tokens, row * time, taken[row]);
                System.arraycopy(rest[row], at[row], read[row], counts[row], taken[row]);
                complete |= taken[row] > 0 && at[row] + taken[row] == rest[row].length;
            }
            program.buffer("tokens").write(tokens);
            program.buffer("positions").write(counts);
            program.buffer("counts").write(taken);
            program.run();
            if (complete) {
                program.buffer("logits").read(results);
            }
            for (int row = 0; row < rows(); row++) {
                at[row] += taken[row];
                counts[row] += taken[row];
                if (complete && taken[row] > 0) {
                    System.arraycopy(results, row * vocab(), logits[row], 0, vocab());
                    for (int gap : gaps) {
                        logits[row][gap] = Float.NEGATIVE_INFINITY;
                    }
                }
            }
        }
    }

    @Override
    public int rows() {
        return read.length;
    }

    @Override
    public int vocab() {
        return one.results.length / rows();
    }

    @Override
    public float[][] prefill(int[][] tokens) {
        check(tokens);
        int[][] rest = new int[rows()][];
        for (int row = 0; row < rows(); row++) {
            rest[row] = counts[row] + tokens[row].length <= length ? tokens[row] : again(row, tokens[row]);
        }
        int[] at = new int[rows()];
        read(many, rest, at, 2);
        read(one, rest, at, 1);
        return logits;
    }

    /** Reads all rows that have so many tokens, or more, and were not read yet. */
    private void read(Reading reading, int[][] rest, int[] at, int least) {
        boolean[] reads = new boolean[rows()];
        while (true) {
            boolean any = false;
            for (int row = 0; row < rows(); row++) {
                reads[row] = rest[row].length >= least && at[row] < rest[row].length;
                any |= reads[row];
            }
            if (!any) {
                return;
            }
            reading.run(rest, at, reads);
        }
    }

    /** @throws IllegalArgumentException when there are not as many as rows, or one is no token */
    void check(int[][] tokens) {
        if (tokens.length != rows()) {
            throw new IllegalArgumentException("tokens of " + tokens.length + " rows, expected " + rows());
        }
        for (int row = 0; row < rows(); row++) {
            for (int token : tokens[row]) {
                if (token < 0 || token >= vocab()) {
                    throw new IllegalArgumentException(
                            "token " + token + " of row " + row + " is not in [0, " + vocab() + ")");
                }
            }
        }
    }

    /**
     * What has to be read, from position 0 on, of a row that gets more tokens than it has place for: what would be
     * remembered if they came one by one.
     */
    private int[] again(int row, int[] more) {
        int kept = (int) (length * KEPT);
        int all = counts[row] + more.length;
        int remembered = kept + 1 + (all - length - 1) % (length - kept);
        int[] tokens = new int[remembered];
        int old = Math.max(0, remembered - more.length);
        System.arraycopy(read[row], counts[row] - old, tokens, 0, old);
        System.arraycopy(more, more.length - (remembered - old), tokens, old, remembered - old);
        counts[row] = 0;
        return tokens;
    }

    @Override
    public void reorder(int... from) {
        if (from.length != rows() || !Arrays.stream(from).allMatch(row -> row >= 0 && row < rows())) {
            throw new IllegalArgumentException(
                    "rows " + Arrays.toString(from) + ", expected " + rows() + " of 0 to " + (rows() - 1));
        }
        if (Arrays.equals(from, IntStream.range(0, rows()).toArray())) {
            return;
        }
        if (reordering == null) {
            reordering = context.prepare(name + "/reorder", reordering());
        }
        reordering.buffer("from").write(from);
        reordering.run();
        int[] counted = counts.clone();
        int[][] texts = Arrays.stream(from).mapToObj(row -> read[row].clone()).toArray(int[][]::new);
        float[][] results =
                Arrays.stream(from).mapToObj(row -> logits[row].clone()).toArray(float[][]::new);
        for (int row = 0; row < rows(); row++) {
            counts[row] = counted[from[row]];
            read[row] = texts[row];
            logits[row] = results[row];
        }
    }

    private Program reordering() {
        Tracer tracer = new Tracer();
        Tensor from = tracer.feed("from", DType.I32, Shape.of(rows()));
        leaves(tracer).values().forEach(leaf -> tracer.update(leaf, leaf.gather(from)));
        return tracer.program();
    }

    private List<BoundProgram> programs() {
        List<BoundProgram> programs = new ArrayList<>(List.of(one.program, many.program));
        if (reordering != null) {
            programs.add(reordering);
        }
        return programs;
    }

    @Override
    public long bytes() {
        long own =
                cache.stream().mapToLong(parameter -> parameter.shape().bytes()).sum();
        return own
                + programs().stream()
                        .map(BoundProgram::explain)
                        .mapToLong(explanation -> explanation.scratchBytes() + explanation.feedBytes())
                        .sum();
    }

    @Override
    public void reset() {
        Arrays.fill(counts, 0);
    }

    @Override
    public void close() {
        programs().forEach(BoundProgram::close);
        context.state().releaseScratch(name);
    }
}
