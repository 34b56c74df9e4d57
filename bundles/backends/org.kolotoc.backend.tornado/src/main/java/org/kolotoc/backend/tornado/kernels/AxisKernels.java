package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;

/**
 * Launches that go along the lines of a tensor {@code [outer, extent, inner]}. Every number is written by one item, in an
 * order that depends on the shape alone. How far loops go is a parameter: of one with a known end that it unrolls TornadoVM
 * can't translate comparisons with the item.
 */
final class AxisKernels {
    private static final int GROUP = 64;
    /** Longest line that one item adds up; longer ones have a group each. */
    private static final int SHORT_LINE = 64;
    /** Items of a group that has a line. */
    private static final int ITEMS = 128;

    private final Placement placement;
    private final KernelClass classes;

    AxisKernels(Placement placement, KernelClass classes) {
        this.placement = placement;
        this.classes = classes;
    }

    private List<DeviceMemory> arguments(int... buffers) {
        return IntStream.of(buffers).mapToObj(placement::memory).distinct().toList();
    }

    private static Operand at(Code code, int buffer, Operand index) {
        return code.add(code.place(buffer, 0), index);
    }

    /** Element {@code i} of a line of {@code count} in a tensor whose outer index and column are known. */
    private static Operand element(Code code, Launch.Axis axis, Operand outer, int count, Operand i, Operand column) {
        Operand row = code.add(code.mul(outer, Operand.of(count)), i);
        return code.add(code.mul(row, Operand.of(axis.inner())), column);
    }

    List<GeneratedKernel> gather(Launch.GatherAlong g) {
        Launch.Axis axis = g.axis();
        int total = axis.lines() * g.count();
        if (total == 0) {
            return List.of();
        }
        Operand zero = placement.floating(g.out()) ? Operand.of(0f) : Operand.of(0);
        return List.of(classes.write(
                g.name(),
                "gatherAlongKernel",
                arguments(g.table(), g.index(), g.out()),
                Grid.of(total, GROUP),
                code -> {
                    Operand item = code.id("globalIdx");
                    code.when(code.less(item, Operand.of(total)), () -> {
                        Operand index = code.load(g.index(), at(code, g.index(), item));
                        Operand.Local value = code.variable(zero);
                        Operand inside =
                                code.and(code.less(Operand.of(-1), index), code.less(index, Operand.of(axis.extent())));
                        code.when(inside, () -> {
                            Operand outer = code.div(item, Operand.of(g.count() * axis.inner()));
                            Operand from =
                                    element(code, axis, outer, axis.extent(), index, code.rem(item, axis.inner()));
                            code.assign(value, code.load(g.table(), at(code, g.table(), from)));
                        });
                        code.store(g.out(), at(code, g.out(), item), value);
                    });
                }));
    }

    /** An item has a number of the result, and looks at all updates of its line. */
    List<GeneratedKernel> scatter(Launch.ScatterAlong s) {
        Launch.Axis axis = s.axis();
        int total = axis.lines() * axis.extent();
        if (total == 0) {
            return List.of();
        }
        return List.of(classes.write(
                s.name(),
                "scatterAlongKernel",
                arguments(s.index(), s.updates(), s.out()),
                Grid.of(total, GROUP),
                code -> {
                    Operand item = code.id("globalIdx");
                    code.when(code.less(item, Operand.of(total)), () -> {
                        Operand column = code.rem(item, axis.inner());
                        Operand outer = code.div(item, Operand.of(axis.extent() * axis.inner()));
                        Operand mine = code.rem(code.div(item, Operand.of(axis.inner())), axis.extent());
                        Operand.Local sum = code.variable(Operand.of(0f));
                        code.loop(Operand.of(0), code.parameter("count", s.count()), 1, i -> {
                            Operand from = element(code, axis, outer, s.count(), i, column);
                            Operand index = code.load(s.index(), at(code, s.index(), from));
                            code.when(
                                    code.equal(index, mine),
                                    () -> code.assign(
                                            sum, code.add(sum, code.load(s.updates(), at(code, s.updates(), from)))));
                        });
                        code.store(s.out(), at(code, s.out(), item), sum);
                    });
                }));
    }

    /**
     * A short line has an item; of a longer one each item of a group adds up a part, and begins to write it at the sum of the
     * parts before.
     */
    List<GeneratedKernel> scan(Launch.Scan s) {
        Launch.Axis axis = s.axis();
        int lines = axis.lines();
        if (lines == 0 || axis.extent() == 0) {
            return List.of();
        }
        if (axis.extent() <= SHORT_LINE) {
            return List.of(classes.write(
                    s.name(), "scanKernel", arguments(s.in(), s.out()), Grid.of(lines, GROUP), code -> {
                        Operand line = code.id("globalIdx");
                        code.when(
                                code.less(line, Operand.of(lines)),
                                () -> write(
                                        code,
                                        s,
                                        line,
                                        zero(s),
                                        Operand.of(0),
                                        code.parameter("extent", axis.extent())));
                    }));
        }
        int part = Math.ceilDiv(axis.extent(), ITEMS);
        return List.of(classes.write(
                s.name(),
                "scanPartsKernel",
                arguments(s.in(), s.out()),
                Grid.groups(List.of(ITEMS), List.of((long) lines)),
                code -> {
                    Operand line = code.id("groupIdx");
                    Operand item = code.id("localIdx");
                    GroupMemory sums = code.shared(s.dtype() == DType.F32, ITEMS);
                    Operand extent = code.parameter("extent", axis.extent());
                    Operand from = code.atMost(code.mul(item, Operand.of(part)), extent);
                    Operand to = code.atMost(code.add(from, Operand.of(part)), extent);
                    UnaryOperator<Operand> place = place(code, s, line);
                    Operand.Local own = code.variable(zero(s));
                    code.loop(
                            from,
                            to,
                            1,
                            i -> code.assign(own, code.add(own, code.load(s.in(), at(code, s.in(), place.apply(i))))));
                    sums.store(item, own);
                    code.barrier();
                    Operand.Local before = code.variable(zero(s));
                    code.loop(Operand.of(0), item, 1, i -> code.assign(before, code.add(before, sums.load(i))));
                    write(code, s, line, before, from, to);
                }));
    }

    private static Operand zero(Launch.Scan s) {
        return s.dtype() == DType.F32 ? Operand.of(0f) : Operand.of(0);
    }

    /** Where an element of a line lies, counted from the end if that is where sums begin. */
    private static UnaryOperator<Operand> place(Code code, Launch.Scan s, Operand line) {
        Launch.Axis axis = s.axis();
        Operand outer = code.div(line, Operand.of(axis.inner()));
        Operand column = code.rem(line, axis.inner());
        return i -> {
            Operand forward = s.reversed() ? code.sub(Operand.of(axis.extent() - 1), i) : i;
            return element(code, axis, outer, axis.extent(), forward, column);
        };
    }

    private static void write(Code code, Launch.Scan s, Operand line, Operand before, Operand from, Operand to) {
        UnaryOperator<Operand> place = place(code, s, line);
        Operand.Local sum = code.variable(before);
        code.loop(from, to, 1, i -> {
            Operand at = place.apply(i);
            code.assign(sum, code.add(sum, code.load(s.in(), at(code, s.in(), at))));
            code.store(s.out(), at(code, s.out(), at), sum);
        });
    }

    /**
     * An item has an element, and counts those of its row that come before it: that is its place. The work grows with the
     * square of the row, which a device does side by side; no two items write one place.
     */
    List<GeneratedKernel> order(Launch.Order o) {
        int total = o.rows() * o.extent();
        if (total == 0 || o.count() == 0) {
            return List.of();
        }
        return List.of(classes.write(
                o.name(), "orderKernel", arguments(o.in(), o.out()), Grid.of(total, GROUP), code -> {
                    Operand item = code.id("globalIdx");
                    code.when(code.less(item, Operand.of(total)), () -> {
                        Operand mine = code.rem(item, o.extent());
                        Operand row = code.div(item, Operand.of(o.extent()));
                        Operand first = code.mul(row, Operand.of(o.extent()));
                        Operand value = code.load(o.in(), at(code, o.in(), item));
                        Operand.Local rank = code.variable(Operand.of(0));
                        code.loop(Operand.of(0), code.parameter("extent", o.extent()), 1, i -> {
                            Operand other = code.load(o.in(), at(code, o.in(), code.add(first, i)));
                            Operand before = o.descending() ? less(code, value, other) : less(code, other, value);
                            Operand tie = code.and(equal(code, value, other), code.less(i, mine));
                            code.assign(rank, code.add(rank, code.or(before, tie)));
                        });
                        code.when(code.less(rank, Operand.of(o.count())), () -> {
                            Operand place = code.add(code.mul(row, Operand.of(o.count())), rank);
                            code.store(o.out(), at(code, o.out(), place), mine);
                        });
                    });
                }));
    }

    /** NaN is above all numbers. */
    private static Operand less(Code code, Operand a, Operand b) {
        Operand less = code.less(a, b);
        return a.floating()
                ? code.or(less, code.and(code.equal(a, a), code.xor(code.equal(b, b), Operand.of(1))))
                : less;
    }

    private static Operand equal(Code code, Operand a, Operand b) {
        Operand equal = code.equal(a, b);
        return a.floating()
                ? code.or(equal, code.xor(code.or(code.equal(a, a), code.equal(b, b)), Operand.of(1)))
                : equal;
    }
}
