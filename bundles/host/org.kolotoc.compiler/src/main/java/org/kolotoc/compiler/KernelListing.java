package org.kolotoc.compiler;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Op.Precision;

/** Launches for people. */
final class KernelListing {
    private KernelListing() {}

    static List<Explanation.Kernel> of(List<Launch> launches) {
        return launches.stream()
                .map(launch -> new Explanation.Kernel(
                        kind(launch), launch.name(), detail(launch), launch.flops(), launch.bytes()))
                .toList();
    }

    private static String kind(Launch launch) {
        return switch (launch) {
            case Launch.Fused _ -> "fused";
            case Launch.Product _ -> "matmul";
            case Launch.Attention _, Launch.AttentionGradient _ -> "attention";
            case Launch.Convolution _ -> "convolution";
            case Launch.GatherRows _ -> "gather";
            case Launch.ScatterRows _ -> "scatter";
            case Launch.GatherAlong _ -> "gather";
            case Launch.ScatterAlong _ -> "scatter";
            case Launch.Scan _ -> "scan";
            case Launch.Order _ -> "sort";
            case Launch.Window _ -> "window";
            case Launch.Loop _ -> "loop";
        };
    }

    private static String detail(Launch launch) {
        return switch (launch) {
            case Launch.Fused fused ->
                fused.outer() + " x " + fused.inner() + ", " + fused.body().size() + " instructions";
            case Launch.Product p ->
                p.batch().stream()
                                .filter(extent -> extent > 1)
                                .map(extent -> extent + " x ")
                                .collect(Collectors.joining())
                        + "[" + p.m() + ", " + p.k() + "] . [" + p.k() + ", " + p.n() + "]"
                        + (p.hasBias() ? " + [" + p.n() + "]" : "")
                        + (p.precision() == Precision.F32
                                ? ""
                                : ", " + p.precision().name().toLowerCase(Locale.ROOT));
            case Launch.Convolution c -> detail(c.shape()) + detail(c.part());
            case Launch.Attention a -> detail(a.heads());
            case Launch.AttentionGradient a ->
                detail(a.heads()) + ", gradient of "
                        + a.gradients().keySet().stream()
                                .sorted()
                                .map(part -> part.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "));
            case Launch.GatherRows g -> g.count() + " of " + g.tableRows() + " rows of " + g.width();
            case Launch.ScatterRows s -> s.count() + " into " + s.outRows() + " rows of " + s.width();
            case Launch.GatherAlong g -> g.count() + " of " + detail(g.axis());
            case Launch.ScatterAlong s -> s.count() + " into " + detail(s.axis());
            case Launch.Scan s -> detail(s.axis());
            case Launch.Order o -> o.count() + " of " + o.rows() + " rows of " + o.extent();
            case Launch.Window w ->
                (w.write() ? "write " : "read ") + w.size() + " of " + w.extent()
                        + (w.starts() > 1 ? ", " + w.starts() + " starts" : "");
            case Launch.Loop l ->
                l.steps() + " steps" + (l.reversed() ? " backwards" : "") + " of "
                        + of(l.body().launches()).stream()
                                .map(kernel -> kernel.kind() + " " + kernel.detail())
                                .collect(Collectors.joining("; "));
        };
    }

    private static String detail(ConvolutionShape s) {
        String groups = s.groups() == 1 ? "" : ", " + s.groups() + " groups";
        return "[" + s.batch() + ", " + s.channels() + ", " + s.height() + ", " + s.width() + "] by " + s.down() + " x "
                + s.across() + " to [" + s.filters() + ", " + s.rows() + ", " + s.columns() + "]" + groups;
    }

    private static String detail(Launch.ConvolutionPart part) {
        return switch (part) {
            case RESULT -> "";
            case IMAGES -> ", gradient of images";
            case WEIGHTS -> ", gradient of weights";
        };
    }

    private static String detail(Launch.Axis axis) {
        return axis.lines() + " lines of " + axis.extent();
    }

    private static String detail(Launch.Heads h) {
        return h.batch().get(0) + " x " + h.batch().get(1) + " x " + h.m() + " queries to " + h.n() + " keys of "
                + h.d() + (h.causal() ? ", causal" : "") + (h.starts() == null ? "" : " from starts")
                + (h.lengths() == null ? "" : ", within lengths");
    }
}
