package org.kolotoc.api.probe;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * A program made of the inner values of another: over the same feeds and states, of which it changes none. Of the other it has
 * what its own outputs need.
 */
public final class Derivation {
    /** No feed or state of a phase begins so. */
    private static final String OUTPUT = "probe: ";

    private final Tracer tracer = new Tracer();
    private final Set<Tensor> nodes;
    private final Map<Tensor, Tensor> made = new HashMap<>();
    private final Map<String, String> outputs = new LinkedHashMap<>();

    /** Of a program; nothing is derived yet. */
    public Derivation(Program program) {
        this.nodes = new HashSet<>(program.nodes());
    }

    /**
     * A node of the program in this one.
     *
     * @throws IllegalArgumentException when the program has no such node
     */
    public Tensor of(Tensor node) {
        if (!nodes.contains(node)) {
            throw new IllegalArgumentException(
                    node + " is no node of the program" + (node.tracer() == tracer ? ", but of the probe's own" : ""));
        }
        for (Tensor next : missing(node)) {
            try (Tracer.Scope _ = tracer.scope(next.origin().layer())) {
                made.put(
                        next,
                        tracer.copy(
                                next, next.operands().stream().map(made::get).toList()));
            }
        }
        return made.get(node);
    }

    /** What a node needs that is not here yet, operands first; without recursion, programs are deep. */
    private NavigableSet<Tensor> missing(Tensor node) {
        NavigableSet<Tensor> missing = new TreeSet<>(Comparator.comparingInt(Tensor::id));
        Deque<Tensor> open = new ArrayDeque<>();
        open.push(node);
        while (!open.isEmpty()) {
            Tensor next = open.pop();
            if (!made.containsKey(next) && missing.add(next)) {
                next.operands().forEach(open::push);
            }
        }
        return missing;
    }

    /**
     * Makes a value of this trace readable.
     *
     * @throws org.kolotoc.tensor.ShapeError when there is an output of that name
     */
    public void output(String name, Tensor value) {
        tracer.output(OUTPUT + name, value);
        outputs.put(name, OUTPUT + name);
    }

    /** Outputs of {@link #program} by the names that they were given, in that order. */
    public Map<String, String> outputs() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /** The program of what was derived until now. */
    public Program program() {
        return tracer.program();
    }
}
