package org.kolotoc.tensor;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The shape rules of convolution and its gradients; what doesn't fit is told with the numbers and with what would. */
final class ConvolutionRules {
    private final String operation;
    private final List<Shape> operands;
    private final Window2d window;
    private final int groups;
    private final Tracer tracer;

    private ConvolutionRules(Op op, Window2d window, int groups, List<Shape> operands, Tracer tracer) {
        this.operation = op.label();
        this.window = window;
        this.groups = groups;
        this.operands = operands;
        this.tracer = tracer;
    }

    static Shape result(Op.Conv2d op, List<Shape> operands, Tracer tracer) {
        return new ConvolutionRules(op, op.window(), op.groups(), operands, tracer)
                .result(operands.get(0), operands.get(1));
    }

    static Shape input(Op.Conv2dInputGradient op, List<Shape> operands, Tracer tracer) {
        return new ConvolutionRules(op, op.window(), op.groups(), operands, tracer)
                .input(operands.get(0), operands.get(1), op.height(), op.width());
    }

    static Shape weights(Op.Conv2dWeightGradient op, List<Shape> operands, Tracer tracer) {
        return new ConvolutionRules(op, op.window(), op.groups(), operands, tracer)
                .weights(operands.get(0), operands.get(1), op.height(), op.width());
    }

    private Shape result(Shape images, Shape weights) {
        requireRank("images [batch, channels, height, width] and weights [filters, channels / groups, height, width]");
        int filters = weights.extent(0);
        requireGroups(images.extent(1), filters);
        requireChannels(images, weights);
        return shape(
                images.extent(0),
                filters,
                count("height", window.vertical(), images.extent(2), weights.extent(2)),
                count("width", window.horizontal(), images.extent(3), weights.extent(3)));
    }

    private Shape input(Shape cotangent, Shape weights, int height, int width) {
        requireRank("[batch, filters, rows, columns] and weights [filters, channels / groups, height, width]");
        if (cotangent.extent(1) != weights.extent(0)) {
            throw error("the " + cotangent.extent(1) + " channels of " + cotangent + " are not the " + weights.extent(0)
                    + " filters of weights " + weights);
        }
        long channels = (long) weights.extent(1) * groups;
        requireGroups(channels, weights.extent(0));
        requireCount("height", window.vertical(), height, weights.extent(2), cotangent.extent(2));
        requireCount("width", window.horizontal(), width, weights.extent(3), cotangent.extent(3));
        return shape(cotangent.extent(0), channels, height, width);
    }

    private Shape weights(Shape images, Shape cotangent, int height, int width) {
        requireRank("images [batch, channels, height, width] and [batch, filters, rows, columns]");
        if (images.extent(0) != cotangent.extent(0)) {
            throw error("a batch of " + images.extent(0) + " in " + images + " is none of " + cotangent.extent(0)
                    + " in " + cotangent);
        }
        requireGroups(images.extent(1), cotangent.extent(1));
        requireCount("height", window.vertical(), images.extent(2), height, cotangent.extent(2));
        requireCount("width", window.horizontal(), images.extent(3), width, cotangent.extent(3));
        return shape(cotangent.extent(1), images.extent(1) / groups, height, width);
    }

    private Shape shape(long... extents) {
        return tracer.shape(operation, operands, extents);
    }

    private ShapeError error(String message) {
        return tracer.error(operation + ": " + message);
    }

    private void requireRank(String taken) {
        if (operands.get(0).rank() != 4 || operands.get(1).rank() != 4) {
            throw error("takes " + taken + ", got " + operands.get(0) + " and " + operands.get(1));
        }
    }

    private void requireGroups(long channels, long filters) {
        if (groups < 1 || channels % groups != 0 || filters % groups != 0) {
            int most = (int) Math.min(Math.max(channels, 1), Math.max(filters, 1));
            String fitting = IntStream.rangeClosed(1, most)
                    .filter(g -> channels % g == 0 && filters % g == 0)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(", "));
            throw error(groups + " groups do not divide " + channels + " channels and " + filters
                    + " filters; these do: " + fitting);
        }
    }

    private void requireChannels(Shape images, Shape weights) {
        int wanted = images.extent(1) / groups;
        if (weights.extent(1) != wanted) {
            throw error("weights " + weights + " read " + weights.extent(1) + " channels, images " + images + " have "
                    + wanted + (groups == 1 ? "" : " in each of " + groups + " groups") + "; weights "
                    + weights.with(1, wanted) + " fit");
        }
    }

    private int count(String name, Window2d.Axis axis, int extent, int places) {
        if (places < 1) {
            throw error("weights of " + name + " " + places + "; at least 1 is needed");
        }
        int count = axis.count(extent, places);
        if (count == 0) {
            long padded = (long) extent + axis.low() + axis.high();
            throw error("a kernel of " + name + " " + places
                    + (axis.dilation() == 1
                            ? ""
                            : ", " + axis.reach(places) + " with dilation " + axis.dilation() + ",")
                    + " is larger than the images' " + extent + ", " + padded + " with padding " + axis.low() + " and "
                    + axis.high() + "; " + (axis.reach(places) - padded) + " more padding, or a kernel of at most "
                    + Math.max(0, (padded - 1) / axis.dilation() + (padded > 0 ? 1 : 0)) + ", fits");
        }
        return count;
    }

    private void requireCount(String name, Window2d.Axis axis, int extent, int places, int wanted) {
        if (count(name, axis, extent, places) != wanted) {
            long least = axis.least(wanted, places);
            throw error("images of " + name + " " + extent + " have " + axis.count(extent, places) + " windows of "
                    + places + ", not " + wanted + "; a " + name + " of " + least
                    + (axis.stride() == 1 ? "" : " to " + (least + axis.stride() - 1)) + " has");
        }
    }
}
