package org.kolotoc.compiler;

import java.util.function.ToIntFunction;
import org.kolotoc.compiler.Launch.ConvolutionPart;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Window2d;

/** Writes the launch of a convolution or of one of its gradients. */
final class ConvolutionLowering {
    private ConvolutionLowering() {}

    static Launch of(Value value, String name, ToIntFunction<Value> buffers) {
        Value first = value.operand(0);
        Value second = value.operand(1);
        return switch (value.op) {
            case Op.Conv2d op ->
                launch(name, ConvolutionPart.RESULT, op.window(), op.groups(), first, second, value, buffers);
            case Op.Conv2dInputGradient op ->
                launch(name, ConvolutionPart.IMAGES, op.window(), op.groups(), value, second, first, buffers);
            case Op.Conv2dWeightGradient op ->
                launch(name, ConvolutionPart.WEIGHTS, op.window(), op.groups(), first, value, second, buffers);
            default -> throw new IllegalStateException(value + " is no convolution");
        };
    }

    private static Launch launch(
            String name,
            ConvolutionPart part,
            Window2d window,
            int groups,
            Value images,
            Value weights,
            Value result,
            ToIntFunction<Value> buffers) {
        Shape i = images.shape;
        Shape w = weights.shape;
        Shape r = result.shape;
        ConvolutionShape shape = new ConvolutionShape(
                i.extent(0),
                groups,
                i.extent(1),
                i.extent(2),
                i.extent(3),
                r.extent(1),
                r.extent(2),
                r.extent(3),
                w.extent(2),
                w.extent(3),
                window);
        long elements = (long) images.size() + weights.size() + result.size();
        return new Launch.Convolution(
                name,
                part,
                shape,
                planes(images, buffers),
                buffers.applyAsInt(LayoutAssignment.view(weights).owner()),
                planes(result, buffers),
                shape.flops(),
                elements * DType.BYTES);
    }

    private static Launch.Planes planes(Value value, ToIntFunction<Value> buffers) {
        StridedView view = LayoutAssignment.view(value);
        int stride = value.shape.extent(0) == 1 ? value.size() : view.strides()[0];
        return new Launch.Planes(buffers.applyAsInt(view.owner()), view.offset(), stride);
    }
}
