package org.kolotoc.backend.cpu.convolution;

import org.kolotoc.compiler.ConvolutionShape;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.ConvolutionPart;

/**
 * What is computed, with everything fixed but the addresses.
 *
 * @param part of images, weights and result the one that is computed of the other two
 * @param imageStride floats from one image to the next
 * @param resultStride floats from the result of one image to that of the next
 */
public record Convolution(ConvolutionPart part, ConvolutionShape shape, int imageStride, int resultStride) {

    /** That of a launch. */
    public static Convolution of(Launch.Convolution launch) {
        return new Convolution(
                launch.part(),
                launch.shape(),
                launch.images().stride(),
                launch.result().stride());
    }
}
