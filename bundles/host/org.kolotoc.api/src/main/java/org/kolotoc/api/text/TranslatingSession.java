package org.kolotoc.api.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * A session whose first tokens of a row are what the encoder reads; the decoder begins behind them, and every further token is
 * its own. So a prompt is what is to be answered, for any {@link Decoder}. Of a prompt that is too long the end is read.
 */
final class TranslatingSession implements LanguageSession {
    /** Length of what is read where the model sets no limit. */
    private static final int UNLIMITED = 256;

    private final CachedLanguageSession writing;
    private final BoundProgram reading;
    private final int start;
    private final int from;

    /** Whether each row has read a source. */
    private final boolean[] begun;

    private final int[] sources;
    private final int[] present;

    /** Compiles the reading of sources and the writing behind them. */
    TranslatingSession(ProgramContext context, String formal, String name, EncoderDecoder model, int rows) {
        this.from = model.limits().getOr("from", UNLIMITED);
        this.start = model.start();
        IncrementalModel behind = model.behind(from);
        this.writing = new CachedLanguageSession(context, formal, name, behind, rows);
        this.begun = new boolean[rows];
        this.sources = new int[rows * from];
        this.present = new int[rows * from];
        Tracer tracer = new Tracer();
        Tensor source = tracer.feed("source", DType.I32, Shape.of(rows, from));
        Tensor there = tracer.feed("present", DType.BOOL, Shape.of(rows, from));
        Map<String, Tensor> read = new HashMap<>(model.read(model.weights(tracer, formal), source, there));
        behind.cache(rows, 1).stream()
                .filter(part -> read.containsKey(part.name()))
                .forEach(part -> tracer.update(
                        tracer.state(name + "/" + part.name(), part.dtype(), part.shape()), read.get(part.name())));
        this.reading = context.prepare(name + "/read source", tracer.program());
    }

    @Override
    public int rows() {
        return writing.rows();
    }

    @Override
    public int vocab() {
        return writing.vocab();
    }

    @Override
    public float[][] prefill(int[][] tokens) {
        writing.check(tokens);
        int[][] written = tokens.clone();
        boolean reads = false;
        for (int row = 0; row < rows(); row++) {
            if (!begun[row] && tokens[row].length > 0) {
                begin(row, tokens[row]);
                written[row] = new int[] {start};
                reads = true;
            }
        }
        if (reads) {
            reading.buffer("source").write(sources);
            reading.buffer("present").write(present);
            reading.run();
        }
        return writing.prefill(written);
    }

    private void begin(int row, int[] source) {
        int length = Math.min(from, source.length);
        Arrays.fill(sources, row * from, (row + 1) * from, 0);
        System.arraycopy(source, source.length - length, sources, row * from, length);
        Arrays.fill(present, row * from, row * from + length, 1);
        Arrays.fill(present, row * from + length, (row + 1) * from, 0);
        begun[row] = true;
    }

    @Override
    public void reorder(int... order) {
        writing.reorder(order);
        boolean[] before = begun.clone();
        int[] oldSources = sources.clone();
        int[] oldPresent = present.clone();
        for (int row = 0; row < order.length; row++) {
            begun[row] = before[order[row]];
            System.arraycopy(oldSources, order[row] * from, sources, row * from, from);
            System.arraycopy(oldPresent, order[row] * from, present, row * from, from);
        }
    }

    @Override
    public long bytes() {
        return writing.bytes()
                + reading.explain().scratchBytes()
                + reading.explain().feedBytes();
    }

    @Override
    public void reset() {
        writing.reset();
        Arrays.fill(begun, false);
        Arrays.fill(present, 0);
        Arrays.fill(sources, 0);
    }

    @Override
    public void close() {
        reading.close();
        writing.close();
    }
}
