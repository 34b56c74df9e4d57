package org.kolotoc.nn;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

/**
 * A layer is its sizes: a record that lists its parameters and has an {@code apply} method, which takes their leaves
 * first. It holds no numbers and no name; who uses it gives the name by {@link #in} and
 * {@link org.kolotoc.tensor.Weights#in}.
 */
public interface Layer {
    /** The usual first content of weight matrices (Radford et al. 2019). */
    Initializer NORMAL = new Initializer.Normal(0.02);

    /** Every parameter, in an order that stays. */
    List<Parameter> parameters();

    /** The parameters named {@code name.parameter}. */
    default Stream<Parameter> in(String name) {
        return parameters().stream().map(parameter -> parameter.in(name));
    }

    /** {@link #NORMAL} for a product that adds to a residual stream which so many others add to. */
    static Initializer residual(int additions) {
        return new Initializer.Normal(0.02 / Math.sqrt(additions));
    }
}
