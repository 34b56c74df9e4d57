package org.kolotoc.tensor;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An immutable tensor program: a directed acyclic graph in topological order.
 *
 * @param nodes every node that outputs and updates need, operands before users; inputs that nothing needs included
 * @param inputs leaves by name: states and feeds
 * @param outputs values the caller reads after a run, by name
 * @param updates new contents of states, by the state's name, written when nothing reads the old one any more
 */
public record Program(
        List<Tensor> nodes, Map<String, Tensor> inputs, Map<String, Tensor> outputs, Map<String, Tensor> updates) {

    static Program of(
            List<Tensor> traced, Map<String, Tensor> inputs, Map<String, Tensor> outputs, Map<String, Tensor> updates) {
        Set<Tensor> live = new HashSet<>(inputs.values());
        live.addAll(outputs.values());
        live.addAll(updates.values());
        for (Tensor node : traced.reversed()) {
            if (live.contains(node)) {
                live.addAll(node.operands());
            }
        }
        return new Program(traced.stream().filter(live::contains).toList(), copy(inputs), copy(outputs), copy(updates));
    }

    /** Whether an input is a state rather than a feed. */
    public boolean isState(String name) {
        return inputs.containsKey(name) && ((Op.Input) inputs.get(name).op()).state();
    }

    /**
     * The buffers that a backend is asked to bind, one for every input and output.
     *
     * @param own the backend's kind of buffer
     * @throws IllegalArgumentException naming one that is missing, another backend's or of another type or shape, or two
     *     names of one buffer when the program writes it
     */
    public <B extends Buffer> Map<String, B> bound(Map<String, Buffer> buffers, Class<B> own) {
        Map<String, B> bound = new HashMap<>();
        Map<Buffer, String> names = new IdentityHashMap<>();
        for (Map<String, Tensor> leaves : List.of(inputs, outputs)) {
            leaves.forEach((name, leaf) -> {
                Buffer buffer = buffers.get(name);
                if (buffer == null
                        || buffer.dtype() != leaf.dtype()
                        || !buffer.shape().equals(leaf.shape())) {
                    throw new IllegalArgumentException("'" + name + "' is "
                            + leaf.dtype().label() + " "
                            + leaf.shape() + ", got "
                            + (buffer == null ? "no buffer" : buffer.dtype().label() + " " + buffer.shape()));
                }
                if (!own.isInstance(buffer)) {
                    throw new IllegalArgumentException("'" + name + "' got a buffer of another backend");
                }
                String other = names.putIfAbsent(buffer, name);
                if (other != null && (isWritten(name) || isWritten(other))) {
                    throw new IllegalArgumentException("'" + other + "' and '" + name
                            + "' got the same buffer, and the program writes '" + (isWritten(name) ? name : other)
                            + "'; each needs one of its own");
                }
                bound.put(name, own.cast(buffer));
            });
        }
        return bound;
    }

    private boolean isWritten(String name) {
        return outputs.containsKey(name) || updates.containsKey(name);
    }

    /**
     * The same program, which also gives values from within: a probe. What it computes besides has the same bits, but may take
     * more memory, since these values are kept to the end.
     *
     * @param more nodes of this program, by new names
     * @throws IllegalArgumentException when a name is taken or a tensor is no node of this program
     */
    public Program withOutputs(Map<String, Tensor> more) {
        Map<String, Tensor> all = new LinkedHashMap<>(outputs);
        Set<Tensor> known = new HashSet<>(nodes);
        more.forEach((name, value) -> {
            if (!known.contains(value)) {
                throw new IllegalArgumentException("output '" + name + "': " + value
                        + " is no node of the program; take one of its nodes() as it was compiled");
            }
            if (inputs.containsKey(name) || all.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("output '" + name + "': the program has that name already");
            }
        });
        return new Program(nodes, inputs, copy(all), updates);
    }

    /**
     * Floating-point operations of one run: two for each multiply-add of its matrix products, convolutions, attention and their
     * gradients; what is computed again counts again. Nothing else counts, neither elementwise functions nor sums, which are bound
     * by memory. So it is known before the program runs, and the same on every backend.
     *
     * @return a whole number, exact up to 2^53
     */
    public double flops() {
        return FlopRules.of(nodes);
    }

    /** Those of one of its nodes; of a loop none, since its results share them. */
    public double flops(Tensor node) {
        return FlopRules.of(node);
    }

    /** The same program with attention and its gradients as products and softmax, for backends that have no such kernel. */
    public Program decomposeAttention() {
        return decomposeAttention(_ -> true);
    }

    /**
     * The same where a backend has no kernel for some of them.
     *
     * @param which is asked of each node of {@link Op.Attention} and {@link Op.AttentionGradient}
     */
    public Program decomposeAttention(Predicate<Tensor> which) {
        return AttentionDecomposition.of(this, which);
    }

    /** The same program with the steps of every scan spelled out, for backends that have no loop. */
    public Program unrollScans() {
        return ScanUnrolling.of(this);
    }

    /** One line a node, and after the first result of a loop its body: {@code %12 = matmul(%10, %11) : f32 [768, 128]   // block0.mlp Gpt.java:41}. */
    public String listing() {
        StringBuilder text = new StringBuilder();
        Set<Loop> loops = new HashSet<>();
        for (Tensor node : nodes) {
            String operands =
                    node.operands().stream().map(o -> "%" + o.id()).collect(Collectors.joining(", ", "(", ")"));
            text.append("%")
                    .append(node.id())
                    .append(" = ")
                    .append(node.op().label())
                    .append(operands);
            text.append(" : ").append(node.dtype().label()).append(' ').append(node.shape());
            text.append("   // ")
                    .append(attributes(node.op()))
                    .append(node.origin().layer());
            text.append(' ').append(node.origin().source()).append('\n');
            if (node.op() instanceof Op.Scan(Loop loop, Loop.Part _) && loops.add(loop)) {
                text.append(loop.body().listing().indent(4));
            }
        }
        outputs.forEach((name, value) -> text.append("output ")
                .append(name)
                .append(" = %")
                .append(value.id())
                .append('\n'));
        updates.forEach((name, value) -> text.append("update ")
                .append(name)
                .append(" = %")
                .append(value.id())
                .append('\n'));
        return text.toString();
    }

    private static String attributes(Op op) {
        String text = op.toString();
        int open = text.indexOf('[');
        return text.endsWith("[]") ? "" : text.substring(open + 1, text.length() - 1) + " ";
    }

    private static Map<String, Tensor> copy(Map<String, Tensor> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
