package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Op.AttentionPart;
import org.kolotoc.tensor.Tensor;

/**
 * Attention and its gradient without scores in memory (Dao et al., arXiv:2205.14135; Dao, arXiv:2307.08691). Forward, a group
 * has a tile of queries and meets the keys that these see. Backward, weights are computed again: first a group has a tile of
 * queries, finds what their softmax needs and what they are sent; then one has a tile of keys and meets the queries that see
 * them. Where one tile is all of a head, one launch does both. No two groups add to one number, so sums have one order.
 */
final class AttentionKernels {
    private final Placement placement;
    private final KernelClass classes;

    AttentionKernels(Placement placement, KernelClass classes) {
        this.placement = placement;
        this.classes = classes;
    }

    /** Whether there are kernels for a node of attention, and for all parts of its gradient. */
    static boolean does(Tensor attention) {
        return AttentionTile.fits(
                attention.operand(0).shape().extent(-2),
                attention.operand(0).shape().extent(-1),
                attention.operand(2).shape().extent(-1));
    }

    /** What a group does with its tile, a number, of a head. */
    private interface Work {
        void write(Code code, AttentionHead head, Operand tile);
    }

    List<GeneratedKernel> of(Launch.Attention launch) {
        Launch.Heads heads = launch.heads();
        AttentionTile tile = AttentionTile.ofResults(heads);
        return kernel(
                launch.name(),
                "attentionKernel",
                arguments(heads, Stream.of(launch.out())),
                heads,
                Math.ceilDiv(heads.m(), tile.rows()),
                (code, head, number) -> new AttentionForward(code, head, launch, tile).write(number));
    }

    List<GeneratedKernel> of(Launch.AttentionGradient launch) {
        Launch.Heads heads = launch.heads();
        AttentionTile whole = AttentionTile.whole(heads);
        if (whole != null) {
            return kernel(
                    launch.name(),
                    "attentionHeadKernel",
                    arguments(launch),
                    heads,
                    1,
                    (code, head, _) -> new AttentionHeadGradient(code, head, launch, whole).write());
        }
        boolean sends = launch.gradients().containsKey(AttentionPart.KEYS)
                || launch.gradients().containsKey(AttentionPart.VALUES);
        Place rows = placement.reserve(true, KeptRows.elements(heads));
        AttentionTile ofQueries = AttentionTile.ofQueries(heads);
        List<GeneratedKernel> kernels = new ArrayList<>(kernel(
                launch.name() + " queries",
                "attentionQueriesKernel",
                arguments(launch, rows.memory()),
                heads,
                Math.ceilDiv(heads.m(), ofQueries.rows()),
                (code, head, number) ->
                        new AttentionQueriesGradient(code, head, launch, ofQueries, rows).write(number)));
        if (sends) {
            AttentionTile ofKeys = AttentionTile.ofKeys(heads);
            kernels.addAll(kernel(
                    launch.name() + " keys",
                    "attentionKeysKernel",
                    arguments(launch, rows.memory()),
                    heads,
                    Math.ceilDiv(heads.n(), ofKeys.rows()),
                    (code, head, number) -> new AttentionKeysGradient(code, head, launch, ofKeys, rows).write(number)));
        }
        return kernels;
    }

    private List<GeneratedKernel> kernel(
            String name, String method, List<DeviceMemory> arguments, Launch.Heads heads, int tiles, Work work) {
        int all = AttentionTile.heads(heads);
        if ((long) all * tiles == 0) {
            return List.of();
        }
        Grid grid = Grid.groups(List.of(TileProduct.ITEMS), List.of((long) tiles * all));
        return List.of(classes.write(name, method, arguments, grid, code -> {
            Operand group = code.id("groupIdx");
            Operand number = tiles == 1 ? Operand.of(0) : code.div(group, Operand.of(all));
            AttentionHead head = new AttentionHead(code, heads, code.sub(group, code.mul(number, Operand.of(all))));
            work.write(code, head, number);
        }));
    }

    private List<DeviceMemory> arguments(Launch.AttentionGradient launch, DeviceMemory... more) {
        Stream<Matrix> gradients =
                Stream.of(AttentionPart.values()).map(launch.gradients()::get).filter(matrix -> matrix != null);
        return arguments(launch.heads(), Stream.concat(Stream.of(launch.cotangent()), gradients), more);
    }

    private List<DeviceMemory> arguments(Launch.Heads heads, Stream<Matrix> others, DeviceMemory... more) {
        Stream<DeviceMemory> all =
                Stream.concat(heads.matrices(), others).map(matrix -> placement.memory(matrix.buffer()));
        return Stream.concat(all, Stream.of(more)).distinct().toList();
    }
}
