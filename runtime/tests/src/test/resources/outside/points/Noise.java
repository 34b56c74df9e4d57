package points;

/**
 * What a way through noise consists of: at a time from 0 to 1 a point is {@code cos(END time)} of itself and {@code sin(END
 * time)} of noise, after Nichol and Dhariwal (arXiv:2102.09672), ended a little earlier so that no step is infinite.
 *
 * @param steps that the way is cut into
 */
record Noise(int steps) {
    static final double END = 0.98 * Math.PI / 2;

    /** The share of the point in the variance after so many steps. */
    double signal(int step) {
        return Math.pow(Math.cos(END * step / steps), 2);
    }

    /** How much of what is there a step replaces by noise. */
    double beta(int step) {
        return 1 - signal(step) / signal(step - 1);
    }

    /** The deviation of what was there before a step, given what is there after it and the point. */
    double deviation(int step) {
        return Math.sqrt(beta(step) * (1 - signal(step - 1)) / (1 - signal(step)));
    }
}
