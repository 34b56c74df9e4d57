package org.kolotoc.api.probe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Derivative;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;

/**
 * What lies within a traced program, found by what each node tells of itself: the layer it was traced in, or the source line of
 * the plugin where there is none ({@link org.kolotoc.tensor.Origin}), and which nodes are derivatives. So it is there for any
 * model and any phase that traces and derives, without a word of theirs.
 */
public final class InnerValues {
    private static final Set<String> BACKWARD = Set.of("gradient", "again");

    private final List<Tensor> nodes;
    private final List<Derivative> derivatives;

    private InnerValues(List<Tensor> nodes, List<Derivative> derivatives) {
        this.nodes = nodes;
        this.derivatives = derivatives;
    }

    /** Those of a program. */
    public static InnerValues of(Program program) {
        Set<Tensor> live = new HashSet<>(program.nodes());
        return new InnerValues(
                program.nodes(),
                program.nodes().isEmpty()
                        ? List.of()
                        : program.nodes().getFirst().tracer().derivatives().stream()
                                .filter(derivative -> live.contains(derivative.tensor()))
                                .toList());
    }

    /**
     * Derivatives of losses by states, as {@link org.kolotoc.tensor.Gradients} gave them: before clipping, and before anything
     * is made of them. By the state's name; where a program has several by one state, the second is {@code name#2}.
     */
    public Map<String, Tensor> gradients() {
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        for (Derivative derivative : derivatives) {
            if (derivative.by().op() instanceof Op.Input input
                    && input.state()
                    && !gradients.containsValue(derivative.tensor())) {
                gradients.put(free(input.name(), gradients.keySet()), derivative.tensor());
            }
        }
        return Collections.unmodifiableMap(gradients);
    }

    /** A name as it is, or the first of {@code name#2}, {@code name#3} that is not taken. */
    public static String free(String name, Set<String> taken) {
        String free = name;
        for (int i = 2; taken.contains(free); i++) {
            free = name + "#" + i;
        }
        return free;
    }

    /** What the values are made of that were derived: the forward pass, operands first. */
    public List<Tensor> forward() {
        Set<Tensor> before = new HashSet<>();
        Deque<Tensor> open = new ArrayDeque<>();
        derivatives.forEach(derivative -> open.push(derivative.of()));
        while (!open.isEmpty()) {
            Tensor next = open.pop();
            if (before.add(next)) {
                next.operands().forEach(open::push);
            }
        }
        return nodes.stream()
                .filter(node -> before.contains(node) && !isBackward(node))
                .toList();
    }

    private static boolean isBackward(Tensor node) {
        return List.of(node.origin().layer().split("\\.")).stream().anyMatch(BACKWARD::contains);
    }

    /** Where a node was made, for people: its layer, {@code block0.mlp}, else the source line, {@code Encoder.java:41}. */
    public static String place(Tensor node) {
        return node.origin().layer().isEmpty()
                ? node.origin().source()
                : node.origin().layer();
    }

    /**
     * What leaves each layer of the forward pass, {@code f32} and made of states and feeds both: the last value that other
     * layers use. By {@link #place}; a line that is come to again, as in a loop, is {@code line#2} then.
     */
    public Map<String, Tensor> layers() {
        List<Tensor> forward = forward();
        Set<Tensor> ofStates = new HashSet<>();
        Set<Tensor> ofFeeds = new HashSet<>();
        Map<Tensor, String> layer = new HashMap<>();
        Map<String, List<Tensor>> members = new LinkedHashMap<>();
        String last = "";
        String lastLine = "";
        for (Tensor node : forward) {
            boolean state = node.op() instanceof Op.Input input && input.state();
            boolean feed = node.op() instanceof Op.Input input && !input.state();
            if (state || node.operands().stream().anyMatch(ofStates::contains)) {
                ofStates.add(node);
            }
            if (feed || node.operands().stream().anyMatch(ofFeeds::contains)) {
                ofFeeds.add(node);
            }
            boolean told = node.dtype() == DType.F32
                    && node.shape().size() > 1
                    && ofStates.contains(node)
                    && ofFeeds.contains(node);
            String place = place(node);
            if (told) {
                boolean again = node.origin().layer().isEmpty() && !place.equals(lastLine);
                last = again
                        ? free(place, members.keySet())
                        : node.origin().layer().isEmpty() ? last : place;
                lastLine = node.origin().layer().isEmpty() ? place : "";
                members.computeIfAbsent(last, _ -> new ArrayList<>()).add(node);
            }
            layer.put(node, told ? last : place);
        }
        Set<Tensor> leave = new HashSet<>();
        forward.forEach(node -> node.operands().stream()
                .filter(operand -> !layer.get(node).equals(layer.get(operand)))
                .forEach(leave::add));
        Map<String, Tensor> layers = new LinkedHashMap<>();
        members.forEach((name, all) -> layers.put(
                name,
                all.reversed().stream().filter(leave::contains).findFirst().orElse(all.getLast())));
        return Collections.unmodifiableMap(layers);
    }
}
