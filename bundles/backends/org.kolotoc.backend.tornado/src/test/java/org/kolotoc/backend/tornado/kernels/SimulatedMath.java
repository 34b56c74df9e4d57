package org.kolotoc.backend.tornado.kernels;

/** Takes the place of {@code TornadoMath} in generated classes. */
public final class SimulatedMath {
    private SimulatedMath() {}

    public static float abs(float x) {
        return Math.abs(x);
    }

    public static float exp(float x) {
        return (float) Math.exp(x);
    }

    public static float log(float x) {
        return (float) Math.log(x);
    }

    public static float sqrt(float x) {
        return (float) Math.sqrt(x);
    }

    public static float sin(float x) {
        return (float) Math.sin(x);
    }

    public static float cos(float x) {
        return (float) Math.cos(x);
    }

    public static float pow(float x, float y) {
        // As in C, and unlike in Java, where 1 to the power of what is not a number is not one either.
        return x == 1 || x == -1 && Float.isInfinite(y) ? 1 : (float) Math.pow(x, y);
    }
}
