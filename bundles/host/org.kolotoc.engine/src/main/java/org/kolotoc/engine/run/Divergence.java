package org.kolotoc.engine.run;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A run whose loss, or another measure of its phase, is no finite number any more: nothing after it is worth computing.
 * The message says where, what, and how it was before.
 */
final class Divergence extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int NAMED = 3;

    private final long step;

    private Divergence(String message, long step) {
        super(message);
        this.step = step;
    }

    /**
     * Describes it.
     *
     * @param step of the run after which it was noticed
     * @param phase in words: {@code phase 'pretrain', its step 12}
     * @param measure that is not finite
     * @param tensors of the state that are not finite either
     * @param lastStep after which all was finite
     * @param last what was measured then; empty when nothing was
     */
    static Divergence of(
            long step,
            String phase,
            Map.Entry<String, Double> measure,
            List<String> tensors,
            long lastStep,
            Map<String, Double> last) {
        String state = tensors.isEmpty()
                ? "all tensors of the state are still finite"
                : "not finite either: " + String.join(", ", tensors.subList(0, Math.min(NAMED, tensors.size())))
                        + (tensors.size() > NAMED ? " and " + (tensors.size() - NAMED) + " more tensors" : "");
        String before = last.isEmpty()
                ? "it was never finite"
                : "last finite, after step " + lastStep + ": "
                        + last.entrySet().stream()
                                .map(entry -> String.format(Locale.ROOT, "%s %.6g", entry.getKey(), entry.getValue()))
                                .collect(Collectors.joining(", "));
        return new Divergence(
                "the run diverged: " + measure.getKey() + " is " + measure.getValue() + " after step " + step + " ("
                        + phase + ")\n  " + state + "\n  " + before,
                step);
    }

    /** After which it was noticed. */
    long step() {
        return step;
    }
}
