package org.kolotoc.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.tensor.DType;

/**
 * What a model takes and gives, so that a phase can tell before any compute whether it can train it:
 * {@code i32 tokens[batch,time] -> f32 logits[batch,time,vocab]}.
 */
public record Signature(List<Port> inputs, List<Port> outputs) {
    private static final Pattern PORT = Pattern.compile("(f32|i32|bool) (\\w+)\\[([\\w,]*)]");

    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** A named tensor with named axes, outermost first. */
    public record Port(String name, DType dtype, List<String> axes) {
        public Port {
            axes = List.copyOf(axes);
        }

        @Override
        public String toString() {
            return dtype.label() + " " + name + "[" + String.join(",", axes) + "]";
        }
    }

    /**
     * Reads the notation that {@link #toString()} writes: ports of one side separated by semicolons.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static Signature parse(String text) {
        String[] sides = text.split("->", -1);
        if (sides.length != 2) {
            throw new IllegalArgumentException("signature '" + text
                    + "': expected the form 'i32 tokens[batch,time] -> f32 logits[batch,time,vocab]'");
        }
        return new Signature(ports(sides[0]), ports(sides[1]));
    }

    /** Whether this model takes and gives at least what another signature asks for, with the same axes. */
    public boolean offers(Signature needed) {
        return inputs.equals(needed.inputs) && outputs.containsAll(needed.outputs);
    }

    private static List<Port> ports(String side) {
        return Arrays.stream(side.split(";"))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .map(Signature::port)
                .toList();
    }

    private static Port port(String text) {
        Matcher matcher = PORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("port '" + text + "': expected the form 'f32 name[axis,axis]'");
        }
        return new Port(
                matcher.group(2),
                DType.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
                Stream.of(matcher.group(3).split(","))
                        .filter(axis -> !axis.isEmpty())
                        .toList());
    }

    @Override
    public String toString() {
        return side(inputs) + " -> " + side(outputs);
    }

    private static String side(List<Port> ports) {
        return ports.stream().map(Port::toString).collect(Collectors.joining("; "));
    }
}
