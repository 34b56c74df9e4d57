package org.kolotoc.model.gpt;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the same parameters in the Hugging Face layout of GPT-2: shapes and contents are equal, so a checkpoint of
 * one is read as the other by renaming alone.
 */
public final class HuggingFace {
    private static final Pattern BLOCK = Pattern.compile("block(\\d+)\\.(.+)\\.(weight|bias)");
    private static final Pattern OTHER = Pattern.compile("(token|position|norm|head)\\.(weight|bias)");
    private static final Map<String, String> INSIDE = Map.of(
            "norm1", "ln_1",
            "norm2", "ln_2",
            "attention.input", "attn.c_attn",
            "attention.output", "attn.c_proj",
            "mlp.up", "mlp.c_fc",
            "mlp.down", "mlp.c_proj");
    private static final Map<String, String> OUTSIDE = Map.of(
            "token", "transformer.wte",
            "position", "transformer.wpe",
            "norm", "transformer.ln_f",
            "head", "lm_head");

    private HuggingFace() {}

    /**
     * {@code block0.mlp.up.weight} is {@code transformer.h.0.mlp.c_fc.weight}.
     *
     * @throws IllegalArgumentException when a GPT has no such parameter
     */
    public static String name(String parameter) {
        Matcher block = BLOCK.matcher(parameter);
        if (block.matches() && INSIDE.containsKey(block.group(2))) {
            return "transformer.h." + block.group(1) + "." + INSIDE.get(block.group(2)) + "." + block.group(3);
        }
        Matcher other = OTHER.matcher(parameter);
        if (other.matches()) {
            return OUTSIDE.get(other.group(1)) + "." + other.group(2);
        }
        throw new IllegalArgumentException("'" + parameter + "' is no parameter of a GPT; those are like "
                + List.of("token.weight", "block0.mlp.up.weight", "norm.bias"));
    }
}
