package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Instruction.ColumnReduce;
import org.kolotoc.compiler.Instruction.RowReduce;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.UniformityAnalysis;

/**
 * A fused launch that reduces rows: a group of items has a row, or a run of rows where columns are reduced as well; the
 * items stride over it once for every pass. Very short rows have one item each.
 */
final class RowKernels {
    private static final int SMALLEST_GROUP = 32;
    private static final int LARGEST_GROUP = 256;
    private static final int SHORT_ROW = 8;
    /** Items of a group whose rows are short. */
    private static final int SHORT_ROWS = 64;

    private final Placement placement;
    private final KernelClass classes;
    private final Launch.Fused launch;
    private final List<Instruction> body;
    private final UniformityAnalysis uniformity;
    /** Items that share a row. */
    private final int items;
    /** Rows of a run, and how many there are. */
    private final int rows;

    private final int runs;
    private Partials partials;

    RowKernels(Placement placement, KernelClass classes, Launch.Fused launch) {
        this.placement = placement;
        this.classes = classes;
        this.launch = launch;
        this.body = launch.body();
        this.uniformity = new UniformityAnalysis(body);
        boolean columns = body.stream().anyMatch(ColumnReduce.class::isInstance);
        int size = SMALLEST_GROUP;
        while (size < LARGEST_GROUP && size < launch.inner()) {
            size *= 2;
        }
        this.items = launch.inner() <= SHORT_ROW && !columns ? 1 : size;
        this.rows = columns ? Partials.rowsOfRun(launch.rows()) : 1;
        this.runs = Math.ceilDiv(launch.rows(), rows);
    }

    List<GeneratedKernel> kernels() {
        partials = new Partials(placement, launch, runs);
        Grid grid = items == 1 ? Grid.of(launch.rows(), SHORT_ROWS) : Grid.groups(List.of(items), List.of((long) runs));
        GeneratedKernel first = classes.write(
                launch.name(),
                "rowsKernel",
                FusedKernels.arguments(placement, launch, partials.arguments()),
                grid,
                this::write);
        return Stream.concat(Stream.of(first), partials.sums(classes).stream()).toList();
    }

    private void write(Code code) {
        if (items == 1) {
            Operand row = code.id("globalIdx");
            code.when(code.less(row, Operand.of(launch.rows())), () -> new Row(code, null, row, Operand.of(0)).write());
            return;
        }
        Operand item = code.id("localIdx");
        Operand run = runs == 1 ? Operand.of(0) : code.id("groupIdx");
        TreeReduction tree = new TreeReduction(code, item, items, reductions());
        if (partials.isEmpty()) {
            new Row(code, tree, run, item).write();
            return;
        }
        elements(
                code,
                item,
                (column, _) -> partials.reductions()
                        .forEach(reduce -> partials.store(code, reduce, run, column, partials.identity(reduce))));
        Operand from = code.mul(run, Operand.of(rows));
        Operand to = code.atMost(code.add(from, Operand.of(rows)), Operand.of(launch.rows()));
        code.loop(from, to, 1, row -> new Row(code, tree, row, item).write());
    }

    /** The elements of a row that belong to an item. */
    private void elements(Code code, Operand item, BiConsumer<Operand, Operand> element) {
        if (launch.rows() == 1) {
            code.loop(item, code.parameter("inner", launch.inner()), items, column -> element.accept(column, item));
        } else if (launch.inner() <= items && items > 1) {
            code.when(code.less(item, Operand.of(launch.inner())), () -> element.accept(item, item));
        } else {
            code.loop(item, Operand.of(launch.inner()), items, column -> element.accept(column, item));
        }
    }

    /** The most row reductions of one pass, by the type of what they reduce. */
    private Map<Boolean, Integer> reductions() {
        Map<Boolean, Integer> most = new HashMap<>();
        for (int pass = 0; pass <= uniformity.last(); pass++) {
            Map<Boolean, Integer> counts = new HashMap<>();
            for (int root : roots(pass)) {
                if (body.get(root) instanceof RowReduce reduce) {
                    counts.merge(floating(reduce), 1, Integer::sum);
                }
            }
            counts.forEach((floating, count) -> most.merge(floating, count, Math::max));
        }
        return most;
    }

    private static boolean floating(RowReduce reduce) {
        return reduce.dtype() == org.kolotoc.tensor.DType.F32;
    }

    /** What a pass over the row computes: reductions and varying stores. */
    private List<Integer> roots(int pass) {
        List<Integer> roots = new ArrayList<>();
        for (int i = 0; i < body.size(); i++) {
            boolean here = switch (body.get(i)) {
                case RowReduce reduce -> uniformity.level(reduce.operand()) == pass;
                case ColumnReduce reduce -> uniformity.level(reduce.operand()) == pass;
                case Instruction.Store store -> store.at().varying() && uniformity.level(store.operand()) == pass;
                default -> false;
            };
            if (here) {
                roots.add(i);
            }
        }
        return roots;
    }

    /** The code for one row. */
    private final class Row {
        private final Code code;
        private final Elementary elementary;
        private final TreeReduction tree;
        private final Operand row;
        private final Operand item;
        private final Position position;
        private final Map<Integer, Operand> values = new HashMap<>();

        Row(Code code, TreeReduction tree, Operand row, Operand item) {
            this.code = code;
            this.elementary = new Elementary(code);
            this.tree = tree;
            this.row = row;
            this.item = item;
            this.position = Position.ofRow(code, row, launch.outer());
        }

        void write() {
            FusedKernels.prepare(launch, position);
            perRow(0);
            for (int pass = 0; pass <= uniformity.last(); pass++) {
                List<Integer> roots = roots(pass);
                if (!roots.isEmpty()) {
                    pass(roots);
                }
                perRow(pass + 1);
            }
            storePerRow();
        }

        private Elements at(Operand column) {
            return new Elements(code, body, uniformity, position, column, values);
        }

        private void perRow(int level) {
            Elements elements = at(Operand.of(0));
            for (int i = 0; i < body.size(); i++) {
                if (!uniformity.isVarying(i) && uniformity.level(i) == level) {
                    switch (body.get(i)) {
                        case RowReduce _, Instruction.Store _, ColumnReduce _ -> {}
                        default -> values.put(i, elements.perRow(i));
                    }
                }
            }
        }

        private void pass(List<Integer> roots) {
            Map<Integer, Operand.Local> totals = new LinkedHashMap<>();
            for (int root : roots) {
                if (body.get(root) instanceof RowReduce reduce) {
                    totals.put(root, code.variable(Elementary.identity(reduce.kind(), floating(reduce))));
                }
            }
            elements(code, item, (column, _) -> {
                Elements elements = at(column);
                for (int root : roots) {
                    switch (body.get(root)) {
                        case RowReduce reduce -> {
                            Operand.Local total = totals.get(root);
                            Operand value = elements.value(reduce.operand());
                            code.assign(total, elementary.combine(reduce.kind(), total, value));
                        }
                        case ColumnReduce reduce -> {
                            Operand run = runs == 1 ? Operand.of(0) : code.id("groupIdx");
                            Operand before = partials.load(code, reduce, run, column);
                            Operand value = elements.value(reduce.operand());
                            partials.store(code, reduce, run, column, elementary.combine(reduce.kind(), before, value));
                        }
                        case Instruction.Store store -> elements.store(store);
                        default -> throw new IllegalStateException("no root: " + body.get(root));
                    }
                }
            });
            if (tree == null) {
                values.putAll(totals);
            } else {
                values.putAll(tree.reduce(totals, root -> ((RowReduce) body.get(root)).kind()));
            }
        }

        /** When all items have read what lies where a value of the row is written. */
        private void storePerRow() {
            List<Instruction.Store> stores = FusedKernels.stores(launch)
                    .filter(store -> !store.at().varying())
                    .toList();
            if (stores.isEmpty()) {
                return;
            }
            if (tree == null) {
                stores.forEach(store -> at(Operand.of(0)).store(store));
                return;
            }
            if (!launch.reducesRows()) {
                code.barrier();
            }
            code.when(
                    code.equal(item, Operand.of(0)),
                    () -> stores.forEach(store -> at(Operand.of(0)).store(store)));
        }
    }
}
