package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.compiler.Launch;

/** Launches that move rows to places known only when they run. */
final class RowCopies {
    private static final int GROUP = 64;

    private final Placement placement;
    private final KernelClass classes;

    RowCopies(Placement placement, KernelClass classes) {
        this.placement = placement;
        this.classes = classes;
    }

    private List<DeviceMemory> arguments(int... buffers) {
        return IntStream.of(buffers).mapToObj(placement::memory).distinct().toList();
    }

    List<GeneratedKernel> gather(Launch.GatherRows g) {
        int count = g.count() * g.width();
        if (count == 0) {
            return List.of();
        }
        boolean floating = placement.floating(g.out());
        Operand zero = floating ? Operand.of(0f) : Operand.of(0);
        return List.of(classes.write(
                g.name(), "gatherKernel", arguments(g.table(), g.index(), g.out()), Grid.of(count, GROUP), code -> {
                    Operand item = code.id("globalIdx");
                    code.when(code.less(item, Operand.of(count)), () -> {
                        Operand index =
                                code.load(g.index(), at(code, g.index(), code.div(item, Operand.of(g.width()))));
                        Operand.Local value = code.variable(zero);
                        code.when(isRow(code, index, g.tableRows()), () -> {
                            Operand first = code.mul(index, Operand.of(g.width()));
                            code.assign(
                                    value,
                                    code.load(
                                            g.table(),
                                            at(code, g.table(), code.add(first, code.rem(item, g.width())))));
                        });
                        code.store(g.out(), at(code, g.out(), item), value);
                    });
                }));
    }

    private static Operand at(Code code, int buffer, Operand index) {
        return code.add(code.place(buffer, 0), index);
    }

    private static Operand isRow(Code code, Operand index, int rows) {
        return code.and(code.less(Operand.of(-1), index), code.less(index, Operand.of(rows)));
    }

    /**
     * Updates of one row are linked in ascending order, then the first of each adds them all up: the order of the sum is
     * fixed, and no item waits for another.
     */
    List<GeneratedKernel> scatter(Launch.ScatterRows s) {
        int cells = s.outRows() * s.width();
        int updates = s.count() * s.width();
        int cleared = s.clear() ? cells : 0;
        if (cells == 0 || updates == 0 && cleared == 0) {
            return List.of();
        }
        Place own = placement.reserve(false, 2L * s.count());
        DeviceMemory ints = own.memory();
        int links = own.offset();
        int heads = links + s.count();
        GeneratedKernel link = classes.write(
                s.name() + " links",
                "linksKernel",
                Stream.concat(arguments(s.index(), s.out()).stream(), Stream.of(ints))
                        .distinct()
                        .toList(),
                Grid.of(Math.max(cleared, s.count()), GROUP),
                code -> {
                    Operand item = code.id("globalIdx");
                    code.when(
                            code.less(item, Operand.of(cleared)),
                            () -> code.store(s.out(), at(code, s.out(), item), Operand.of(0f)));
                    code.when(code.less(item, Operand.of(s.count())), () -> link(code, s, item, ints, links, heads));
                });
        if (updates == 0) {
            return List.of(link);
        }
        GeneratedKernel add = classes.write(
                s.name(),
                "scatterKernel",
                Stream.concat(arguments(s.index(), s.updates(), s.out()).stream(), Stream.of(ints))
                        .distinct()
                        .toList(),
                Grid.of(updates, GROUP),
                code -> {
                    Operand item = code.id("globalIdx");
                    code.when(code.less(item, Operand.of(updates)), () -> add(code, s, item, ints, links, heads));
                });
        return List.of(link, add);
    }

    /** The next update of the same row, or -1; and whether there is none before. */
    private static void link(Code code, Launch.ScatterRows s, Operand item, DeviceMemory ints, int links, int heads) {
        Operand row = code.load(s.index(), at(code, s.index(), item));
        Operand.Local next = code.variable(Operand.of(-1));
        Operand.Local head = code.variable(isRow(code, row, s.outRows()));
        // Neither loop has a known end: of one that it unrolls TornadoVM can't translate comparisons with the item.
        Operand last = Operand.of(s.count() - 1);
        code.loop(Operand.of(0), code.sub(last, item), 1, done -> {
            Operand other = code.sub(last, done);
            code.assign(
                    next, code.select(code.equal(code.load(s.index(), at(code, s.index(), other)), row), other, next));
        });
        code.loop(Operand.of(0), item, 1, other -> {
            Operand same = code.equal(code.load(s.index(), at(code, s.index(), other)), row);
            code.assign(head, code.select(same, Operand.of(0), head));
        });
        code.store(ints, code.add(code.parameter("links", links), item), next);
        code.store(ints, code.add(code.parameter("heads", heads), item), head);
    }

    private static void add(Code code, Launch.ScatterRows s, Operand item, DeviceMemory ints, int links, int heads) {
        Operand update = code.div(item, Operand.of(s.width()));
        Operand column = code.rem(item, s.width());
        Operand head = code.load(ints, code.add(code.parameter("heads", heads), update));
        code.when(head, () -> {
            Operand row = code.load(s.index(), at(code, s.index(), update));
            Operand at = at(code, s.out(), code.add(code.mul(row, Operand.of(s.width())), column));
            Operand.Local sum = code.variable(code.load(s.out(), at));
            Operand.Local next = code.variable(update);
            code.whileNotNegative(next, () -> {
                Operand place = code.add(code.mul(next, Operand.of(s.width())), column);
                code.assign(sum, code.add(sum, code.load(s.updates(), at(code, s.updates(), place))));
                code.assign(next, code.load(ints, code.add(code.parameter("links", links), next)));
            });
            code.store(s.out(), at, sum);
        });
    }

    List<GeneratedKernel> window(Launch.Window w) {
        int line = w.size() * w.inner();
        int count = w.outer() * line;
        if (count == 0) {
            return List.of();
        }
        return List.of(classes.write(
                w.name(), "windowKernel", arguments(w.tensor(), w.window(), w.start()), Grid.of(count, GROUP), code -> {
                    Operand item = code.id("globalIdx");
                    code.when(code.less(item, Operand.of(count)), () -> {
                        Operand box = code.div(item, Operand.of(line));
                        Operand row =
                                w.starts() == 1 ? Operand.of(0) : code.div(box, Operand.of(w.outer() / w.starts()));
                        Operand wanted = code.load(w.start(), at(code, w.start(), row));
                        Operand positive = code.select(code.less(wanted, Operand.of(0)), Operand.of(0), wanted);
                        Operand start = code.atMost(positive, Operand.of(w.extent() - w.size()));
                        Operand outer = code.mul(box, Operand.of(w.extent()));
                        Operand first = code.mul(code.add(outer, start), Operand.of(w.inner()));
                        Operand outside = at(code, w.tensor(), code.add(first, code.rem(item, line)));
                        Operand inside = at(code, w.window(), item);
                        if (w.write()) {
                            code.store(w.tensor(), outside, code.load(w.window(), inside));
                        } else {
                            code.store(w.window(), inside, code.load(w.tensor(), outside));
                        }
                    });
                }));
    }
}
