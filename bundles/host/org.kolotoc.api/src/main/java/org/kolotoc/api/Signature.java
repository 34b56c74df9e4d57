package org.kolotoc.api;

import java.util.ArrayList;
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
    private static final Pattern PORT = Pattern.compile("(f32|i32|bool) (\\w+)\\[([\\w,]*)](\\??)");

    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * A named tensor with named axes, outermost first.
     *
     * @param optional of an input: whether it may be left out
     */
    public record Port(String name, DType dtype, List<String> axes, boolean optional) {
        public Port {
            axes = List.copyOf(axes);
        }

        /** A port that is always there. */
        public Port(String name, DType dtype, List<String> axes) {
            this(name, dtype, axes, false);
        }

        /** Whether both stand for tensors of the same kind. */
        public boolean takes(Port other) {
            return dtype == other.dtype && axes.equals(other.axes);
        }

        @Override
        public String toString() {
            return dtype.label() + " " + name + "[" + String.join(",", axes) + "]" + (optional ? "?" : "");
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

    /** Whether this model {@link #lacks} nothing of what another signature asks for. */
    public boolean offers(Signature needed) {
        return lacks(needed).isEmpty();
    }

    /**
     * Why this model can't be used as another signature asks for: every port asked for has to be there, of the same type
     * and axes, unless it is optional, and no input that the model must have may be left over.
     *
     * @return a line for each port at fault; empty when it can be used so
     */
    public List<String> lacks(Signature needed) {
        List<String> faults = new ArrayList<>(missing("input", inputs, needed.inputs));
        inputs.stream()
                .filter(port -> !port.optional() && find(needed.inputs, port.name()) == null)
                .forEach(port -> faults.add("it must have the input '" + port + "', which nobody gives it"));
        faults.addAll(missing("output", outputs, needed.outputs));
        return faults;
    }

    /**
     * What is missing of ports that are needed.
     *
     * @param side for the message: {@code field}
     * @return a line for each port at fault
     */
    public static List<String> missing(String side, List<Port> offered, List<Port> needed) {
        List<String> faults = new ArrayList<>();
        for (Port port : needed) {
            Port found = find(offered, port.name());
            if (found == null && !port.optional()) {
                faults.add("there is no " + side + " '" + port + "'");
            } else if (found != null && !found.takes(port)) {
                faults.add("the " + side + " '" + port + "' is '" + found + "' here");
            }
        }
        return faults;
    }

    private static Port find(List<Port> ports, String name) {
        return ports.stream()
                .filter(port -> port.name().equals(name))
                .findFirst()
                .orElse(null);
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
            throw new IllegalArgumentException("port '" + text
                    + "': expected the form 'f32 name[axis,axis]', with '?' behind it if it may be left out");
        }
        return new Port(
                matcher.group(2),
                DType.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
                Stream.of(matcher.group(3).split(","))
                        .filter(axis -> !axis.isEmpty())
                        .toList(),
                !matcher.group(4).isEmpty());
    }

    @Override
    public String toString() {
        return side(inputs) + " -> " + side(outputs);
    }

    private static String side(List<Port> ports) {
        return ports.stream().map(Port::toString).collect(Collectors.joining("; "));
    }
}
