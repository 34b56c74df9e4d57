package org.kolotoc.api.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.checkpoint.StoredTensor.Part;
import org.kolotoc.tensor.Parameter;

/**
 * A layout by rules, each for the parameters of one layer: {@code block#.mlp.up} is {@code encoder.layer.#.intermediate.dense},
 * where {@code #} is a number and {@code .weight} or {@code .bias} follows.
 */
public final class Naming implements ForeignModel.Layout {
    private record Rule(Pattern ours, List<Part> theirs, boolean transposed) {}

    private final List<Rule> rules = new ArrayList<>();

    /** Embeddings, norms, and linear layers whose matrices are {@code [in, out]} there too. */
    public Naming same(String ours, String theirs) {
        return rule(ours, false, new Part(theirs, 0));
    }

    /** A linear layer whose matrix is {@code [out, in]} there; or equally wide ones side by side. */
    public Naming linear(String ours, String... theirs) {
        return linear(ours, Arrays.stream(theirs).map(name -> new Part(name, 0)).toArray(Part[]::new));
    }

    /** Linear layers of those widths side by side. */
    public Naming linear(String ours, Part... theirs) {
        return rule(ours, true, theirs);
    }

    private Naming rule(String ours, boolean transposed, Part... theirs) {
        String pattern = "\\Q" + ours.replace("#", "\\E(\\d+)\\Q") + "\\E\\.(weight|bias)";
        rules.add(new Rule(Pattern.compile(pattern), List.of(theirs), transposed));
        return this;
    }

    @Override
    public StoredTensor of(Parameter parameter) {
        for (Rule rule : rules) {
            Matcher matcher = rule.ours().matcher(parameter.name());
            if (matcher.matches()) {
                return stored(parameter, rule, matcher);
            }
        }
        throw new IllegalArgumentException("the checkpoint has no place for the parameter '" + parameter.name() + "'");
    }

    private static StoredTensor stored(Parameter parameter, Rule rule, Matcher matcher) {
        String number = matcher.groupCount() > 1 ? matcher.group(1) : "";
        int equal = parameter.shape().extent(-1) / rule.theirs().size();
        List<Part> parts = rule.theirs().stream()
                .map(part -> new Part(
                        part.name().replace("#", number) + "." + matcher.group(matcher.groupCount()),
                        part.columns() == 0 ? equal : part.columns()))
                .toList();
        return new StoredTensor(
                parameter, parts, rule.transposed() && parameter.shape().rank() == 2);
    }
}
