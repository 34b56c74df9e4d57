package org.kolotoc.engine.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.engine.state.Atomic;

/** {@code metrics.jsonl} ({@code kolotoc.metrics/1}): a JSON object a step. */
final class MetricsLog implements AutoCloseable {
    static final String FILE = "metrics.jsonl";
    private static final Set<String> NOT_MEASURED = Set.of("step", "seconds", "tokensPerSecond");

    private final BufferedWriter out;
    private final StringBuilder line = new StringBuilder();

    private MetricsLog(Path file) throws IOException {
        this.out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static MetricsLog begin(Path folder) throws IOException {
        return new MetricsLog(folder.resolve(FILE));
    }

    /** Goes on after a step: later lines, and a last one that was cut, are dropped. */
    static MetricsLog resume(Path folder, long step, Measured measured) throws IOException {
        Path file = folder.resolve(FILE);
        List<String> kept = new ArrayList<>();
        for (String text : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            try {
                JsonObject object = JsonParser.parseString(text).getAsJsonObject();
                long at = object.get("step").getAsLong();
                if (at <= step) {
                    kept.add(text);
                    boolean evaluated = object.keySet().stream().anyMatch(key -> !isOfStep(key));
                    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                        if (evaluated && !NOT_MEASURED.contains(entry.getKey())) {
                            measured.restore(
                                    at, entry.getKey(), entry.getValue().getAsDouble());
                        }
                    }
                }
            } catch (JsonParseException | IllegalStateException | NullPointerException _) {
                // The line that was being written when the process ended.
            }
        }
        Atomic.write(file, kept.isEmpty() ? "" : String.join("\n", kept) + "\n");
        return new MetricsLog(file);
    }

    /** Measures that every step has; a line with others is that of an evaluation. */
    private static boolean isOfStep(String key) {
        return NOT_MEASURED.contains(key)
                || Set.of("loss/train", "gradient/norm", "learning-rate", "tokens")
                        .contains(key);
    }

    void write(long step, Map<String, Double> values, double tokensPerSecond, double seconds) throws IOException {
        line.setLength(0);
        line.append("{\"step\": ").append(step);
        values.forEach(
                (name, value) -> line.append(", \"").append(name).append("\": ").append(json(value)));
        line.append(", \"tokensPerSecond\": ").append(Math.round(tokensPerSecond));
        line.append(", \"seconds\": ")
                .append(Math.round(seconds * 1000) / 1000.0)
                .append("}\n");
        out.append(line);
    }

    /** JSON has no NaN. */
    private static String json(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "\"" + value + "\"";
    }

    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
