package reversed;

import java.util.*;
import java.util.stream.Collectors;
import org.kolotoc.api.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** The likeliest target, token by token, of random sources: {@code 314 > 413}. */
@Component
@Seat(kind = Seat.SAMPLER, id = "translated", summary = "random rows, and what the model makes of them")
public final class Greedy implements Sampler<Settings.None> {
    public Needs needs(Settings.None none) {
        return Needs.none().model("model", Translation.MODEL);
    }

    public Sampling prepare(Settings.None none, ProgramContext run) {
        var model = run.model("model");
        int from = model.limits().get("from");
        int to = model.limits().get("to");
        var trace = new Tracer();
        var inputs = Map.of(
                "source", trace.feed("source", DType.I32, Shape.of(1, from)),
                "target", trace.feed("target", DType.I32, Shape.of(1, to)));
        var logits = model.forward(model.weights(trace, "model"), inputs, Pass.inference());
        trace.output("best", logits.get("logits").argSort(1, true));
        return new Written(run.seed(), from, to, run.prepare("write", trace.program()));
    }

    private record Written(long seed, int from, int to, BoundProgram program) implements Sampling {
        public List<Sample> draw(int count, String stream, Reached told) {
            var random = new CounterRandom(seed, stream);
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int[] source = new int[from];
                for (int at = 0; at < Digits.length(random, i, from); at++) {
                    source[from - 1 - at] = Digits.digit(random, i, from, at);
                }
                samples.add(Sample.text(text(source) + " > " + text(translated(source))));
                told.reached(i + 1, count);
            }
            return samples;
        }

        private int[] translated(int[] source) {
            int[] target = new int[to];
            int[] best = new int[to];
            target[0] = Digits.START;
            program.buffer("source").write(source);
            for (int at = 0; at < to; at++) {
                program.buffer("target").write(target);
                program.run();
                program.buffer("best").read(best);
                if (best[at] == Digits.END || at + 1 == to) {
                    return Arrays.copyOfRange(target, 1, at + 1);
                }
                target[at + 1] = best[at];
            }
            throw new AssertionError();
        }

        private static String text(int[] tokens) {
            return Arrays.stream(tokens)
                    .dropWhile(token -> token == Digits.END)
                    .mapToObj(token -> token < Digits.ZERO ? "?" : "" + (token - Digits.ZERO))
                    .collect(Collectors.joining());
        }

        /** What was to be read backwards as it is. */
        public Map<String, List<Sample>> controls(List<Sample> samples) {
            return Map.of(
                    "copied",
                    samples.stream()
                            .map(sample -> sample.text().split(" > ")[0])
                            .map(source -> Sample.text(source + " > " + source))
                            .toList());
        }

        public void close() {
            program.close();
        }
    }
}
