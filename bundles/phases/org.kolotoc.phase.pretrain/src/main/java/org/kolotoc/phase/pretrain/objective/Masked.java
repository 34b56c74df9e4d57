package org.kolotoc.phase.pretrain.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.Tokenizer;

/**
 * Some tokens have to be predicted from what is left of the text (Devlin et al., arXiv:1810.04805): most are hidden by a mask,
 * some by another token, some are there, so that a model has to know every one.
 */
record Masked(MaskedSettings settings) implements Objective {
    static final List<String> MASKS = List.of("<mask>", "[MASK]", "<|mask|>");
    private static final String SEEN = "accuracy/right-seen";
    private static final String HIDDEN = "accuracy/right-hidden";
    private static final String GAIN = "accuracy/right-gain";

    @Override
    public String signature() {
        return "i32 tokens[batch,time]; bool present[batch,time] -> f32 logits[batch,time,vocab]";
    }

    @Override
    public int longest(Model model) {
        return model.limits().getOr("time", Integer.MAX_VALUE);
    }

    @Override
    public Corruption corruption(Model model, Tokenizer tokenizer, int time) {
        int mask = new Named(tokenizer).token("mask", settings.mask(), MASKS);
        Set<Integer> gaps = Arrays.stream(tokenizer.gaps()).boxed().collect(Collectors.toSet());
        int[] others = IntStream.range(0, tokenizer.vocab())
                .filter(token -> !gaps.contains(token))
                .toArray();
        return new Masking(settings, mask, others, time, Masking.Shown.ALL);
    }

    @Override
    public List<Measure> measures() {
        return settings.rightHidden()
                ? List.of(
                        Measure.evaluation(GAIN, "", Better.HIGHER),
                        Measure.evaluation(SEEN, "", Better.HIGHER),
                        Measure.evaluation(HIDDEN, "", Better.NEITHER))
                : List.of();
    }

    @Override
    public Map<String, Corruption> shown(Corruption corruption) {
        if (!settings.rightHidden()) {
            return Map.of();
        }
        Map<String, Corruption> shown = new LinkedHashMap<>();
        shown.put(SEEN, ((Masking) corruption).shown(Masking.Shown.ONE));
        shown.put(HIDDEN, ((Masking) corruption).shown(Masking.Shown.ONE_FROM_ITS_LEFT));
        return shown;
    }

    @Override
    public Map<String, Double> concluded(Map<String, Double> measured) {
        return settings.rightHidden() ? Map.of(GAIN, measured.get(SEEN) - measured.get(HIDDEN)) : Map.of();
    }
}
