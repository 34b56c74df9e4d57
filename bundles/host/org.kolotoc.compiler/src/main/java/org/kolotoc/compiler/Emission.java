package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Elements;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Origin;

/** Puts groups in order and writes their launches and buffers. */
final class Emission {
    private final Map<String, Value> writers;
    private final Fusion fusion;
    private final LoopBodies bodies;
    private final KernelLimit limit;
    private final List<FusionGroup> sequence;
    private final List<Launch> launches = new ArrayList<>();
    private final List<Plan.Buffer> buffers = new ArrayList<>();
    private final List<List<Integer>> uses = new ArrayList<>();
    private final Map<Object, Integer> numbers = new HashMap<>();
    /** In which layer the values of a scratch buffer were made. */
    private final Map<Integer, String> owners = new HashMap<>();

    private final Map<String, Origin> origins = new LinkedHashMap<>();

    /** Values that must not be written to their state at once because its old content is still read; by its name. */
    final Map<String, Value> conflicts = new LinkedHashMap<>();

    /** Units whose kernels are larger than they may be. */
    final List<FusionGroup> large = new ArrayList<>();

    /** Gradients of attention and results of loops that a launch computes already. */
    private final Set<Value> emitted = new HashSet<>();

    /** States that hold their new content already. */
    private final Set<String> written = new HashSet<>();

    /**
     * Emits.
     *
     * @param writers the value written to each updated state
     * @param bodies plans of what loops repeat
     * @throws Unfit when a group is no kernel; it has to be taken apart
     * @throws Lowering.NotAffine when a value that stands alone needs its operand copied
     */
    Emission(Fusion fusion, Map<String, Value> writers, LoopBodies bodies, KernelLimit limit) {
        this.writers = writers;
        this.bodies = bodies;
        this.limit = limit;
        this.fusion = fusion;
        this.sequence = Schedule.of(fusion.groups(), writers);
        for (FusionGroup group : sequence) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("compiling was interrupted at " + where(group));
            }
            try {
                emit(group);
            } catch (OutOfMemoryError | StackOverflowError e) {
                throw Compiler.exhausted(e, where(group));
            }
        }
    }

    private static String where(FusionGroup group) {
        Value last = group.members.getLast();
        return last.op.label() + last.origin.suffix();
    }

    /** A group of several members that can't be written as one kernel. */
    static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final transient FusionGroup group;

        Unfit(FusionGroup group) {
            super(group.toString(), null, false, false);
            this.group = group;
        }
    }

    /**
     * The plan.
     *
     * @param late updates that are copied to their states when everything has run
     * @param array bytes of the arrays that scratch memory is cut into
     */
    Plan plan(Map<String, Value> late, long array) {
        late.forEach((name, value) -> {
            IterationSpace space = new IterationSpace(new int[] {value.size()}, 0);
            KernelBody body = new KernelBody();
            AffineExpr at = space.number(0, 1);
            int loaded = body.load(number(value), at, value.dtype);
            body.store(bound(name, value.dtype, value.size()), at, loaded, value.dtype);
            add(body.launch("update." + name, space));
        });
        long[] bytes = buffers.stream()
                .mapToLong(b -> b instanceof Plan.Buffer.Scratch ? (long) b.size() * DType.BYTES : 0)
                .toArray();
        BufferAssignment memory = new BufferAssignment(bytes, uses, array);
        List<Plan.Buffer> placed = new ArrayList<>();
        for (int i = 0; i < buffers.size(); i++) {
            placed.add(
                    switch (buffers.get(i)) {
                        case Plan.Buffer.Scratch scratch ->
                            new Plan.Buffer.Scratch(memory.offset(placed.size()), scratch.dtype(), scratch.size());
                        case Plan.Buffer.Bound _, Plan.Buffer.Literal _ -> buffers.get(i);
                    });
        }
        return new Plan(
                List.copyOf(placed),
                List.copyOf(launches),
                memory.total(),
                memory.unshared(),
                memory.holdings(owners::get),
                Collections.unmodifiableMap(origins));
    }

    private void emit(FusionGroup group) {
        Set<Value> read = new LinkedHashSet<>();
        Value last = group.members.getLast();
        if (group.isFused()) {
            emitFused(group, read);
        } else {
            last.operands.forEach(operand -> read.add(operand.source()));
            emitSingle(last);
        }
        for (Value value : read) {
            // The old content of a state, read by or after the launch that writes the new one.
            if (value.op instanceof Op.Input input && written.contains(input.name())) {
                conflict(input.name());
            }
        }
        for (Value store : group.isFused() ? group.stores : List.of(last)) {
            // A part of a concatenation is written to the buffer of the whole.
            Value owner = LayoutAssignment.view(store).owner();
            if (writesState(store)) {
                written.add(owner.bound);
                if (!group.isFused() && read.stream().anyMatch(value -> isInput(value, owner.bound))) {
                    conflict(owner.bound);
                }
            }
        }
    }

    private static boolean isInput(Value value, String name) {
        return value.op instanceof Op.Input input && input.name().equals(name);
    }

    private void conflict(String state) {
        conflicts.put(state, writers.get(state));
    }

    private void emitFused(FusionGroup group, Set<Value> read) {
        if (group.stores.isEmpty() || group.elements() == 0 && !group.reduces()) {
            return;
        }
        String name = name(group);
        IterationSpace space = group.space();
        while (true) {
            try {
                read.clear();
                Lowering lowering =
                        new Lowering(space, value -> fusion.computes(group, value), owner -> number(owner), read::add);
                group.stores.forEach(lowering::store);
                Launch.Fused launch = lowering.body().launch(name, space);
                if (launch == null) {
                    throw group.members.size() > 1
                            ? new Unfit(group)
                            : new Lowering.NotAffine(group.members.getFirst(), 0);
                }
                if (group.members.size() > 1 && !limit.takes(launch)) {
                    large.add(group);
                }
                RowPasses passes = new RowPasses(launch.body());
                for (Value store : group.stores) {
                    Value owner = LayoutAssignment.view(store).owner();
                    if (owner.bound != null && writers.get(owner.bound) == owner && passes.disturb(number(owner))) {
                        conflict(owner.bound);
                    }
                }
                add(launch);
                return;
            } catch (IterationSpace.Cut cut) {
                space = space.cut(cut);
            } catch (Lowering.NotAffine fault) {
                if (group.members.size() > 1) {
                    throw new Unfit(group);
                }
                throw fault;
            }
        }
    }

    private void emitSingle(Value value) {
        String name = name(value);
        switch (value.op) {
            case Op.MatMul _ -> {
                if (value.size() > 0) {
                    MatmulLowering.of(value, name, this::number).forEach(this::add);
                }
            }
            case Op.Attention _ -> {
                if (value.size() > 0) {
                    AttentionLowering.forward(value, name, this::number).forEach(this::add);
                }
            }
            case Op.AttentionGradient _ -> emitGradient(value, name);
            case Op.Conv2d _, Op.Conv2dInputGradient _, Op.Conv2dWeightGradient _ -> {
                if (value.size() > 0) {
                    add(ConvolutionLowering.of(value, name, this::number));
                }
            }
            case Op.Gather _,
                    Op.ScatterAdd _,
                    Op.DynamicSlice _,
                    Op.DynamicUpdate _,
                    Op.GatherAlong _,
                    Op.ScatterAddAlong _,
                    Op.CumulativeSum _,
                    Op.ArgSort _ -> add(AxisLowering.of(value, name, this::number));
            case Op.Scan _ -> emitLoop(value, name);
            case Op.Concat _ -> {}
            default -> throw new IllegalStateException("no launch for " + value);
        }
    }

    /** All parts of the gradient of one attention, at the first of them. */
    private void emitGradient(Value value, String name) {
        if (!emitted.add(value)) {
            return;
        }
        List<Value> parts = new ArrayList<>(List.of(value));
        Op.AttentionGradient gradient = (Op.AttentionGradient) value.op;
        for (Value user : value.operand(0).users) {
            if (user.op instanceof Op.AttentionGradient other
                    && other.scale() == gradient.scale()
                    && other.mask().equals(gradient.mask())
                    && user.operands.equals(value.operands)
                    && !writesState(user)
                    && emitted.add(user)) {
                parts.add(user);
            }
        }
        parts.removeIf(part -> part.size() == 0);
        if (!parts.isEmpty()) {
            AttentionLowering.backward(parts, name, this::number).forEach(this::add);
        }
    }

    /** All results of one loop, at the first of them. */
    private void emitLoop(Value value, String name) {
        if (emitted.add(value)) {
            List<Value> results = new ArrayList<>(List.of(value));
            for (Value user : value.operand(0).users) {
                if (user.op instanceof Op.Scan other
                        && other.loop().equals(((Op.Scan) value.op).loop())
                        && user.operands.equals(value.operands)
                        && emitted.add(user)) {
                    results.add(user);
                }
            }
            add(LoopLowering.of(results, name, bodies, this::number, size -> scratch(DType.F32, size, value)));
        }
    }

    private boolean writesState(Value value) {
        Value owner = LayoutAssignment.view(value).owner();
        return owner.bound != null && writers.get(owner.bound) == owner;
    }

    private void add(Launch launch) {
        launches.add(launch);
        uses.add(launch.buffers());
    }

    private int number(Value owner) {
        if (owner.op instanceof Op.Input input) {
            return bound(input.name(), owner.dtype, owner.size());
        }
        if (owner.op instanceof Op.Literal(Elements elements)) {
            return numbered(elements, new Plan.Buffer.Literal(elements));
        }
        if (owner.bound != null) {
            return bound(owner.bound, owner.dtype, owner.size());
        }
        return numbers.computeIfAbsent(owner, _ -> scratch(owner.dtype, owner.size(), owner));
    }

    private int scratch(DType dtype, int size, Value maker) {
        buffers.add(new Plan.Buffer.Scratch(0, dtype, size));
        String layer = maker.origin.layer().replaceAll("\\d+", "*");
        owners.put(buffers.size() - 1, layer.isEmpty() ? maker.op.label() : layer);
        return buffers.size() - 1;
    }

    private int bound(String name, DType dtype, int size) {
        return numbered(name, new Plan.Buffer.Bound(name, dtype, size));
    }

    private int numbered(Object key, Plan.Buffer buffer) {
        return numbers.computeIfAbsent(key, _ -> {
            buffers.add(buffer);
            return buffers.size() - 1;
        });
    }

    private String name(Value value) {
        return name(value.origin, value.op.label());
    }

    private String name(FusionGroup group) {
        Value last = group.members.getLast();
        String work = group.members.stream()
                .map(member -> member.op.label())
                .filter(label -> !Set.of("add", "mul", "sub", "cast", "select", "lt", "le", "eq", "neg")
                        .contains(label))
                .distinct()
                .limit(4)
                .collect(Collectors.joining("+"));
        return name(last.origin, work.isEmpty() ? last.op.label() : work);
    }

    private String name(Origin origin, String work) {
        String name = (origin.layer().isEmpty() ? "" : origin.layer() + ".") + work + "#" + launches.size();
        origins.put(name, origin);
        return name;
    }
}
