package org.kolotoc.phase.reward;

/** How well rewards say which of two answers is better, over all pairs of answers to a question. */
final class Order {
    private double right;
    private double wrong;
    private double pairs;

    /** @param rewards of answers that stand in their order, the best first */
    void add(float[] rewards) {
        float[] falling = new float[rewards.length];
        for (int i = 0; i < falling.length; i++) {
            falling[i] = -i;
        }
        add(rewards, falling);
    }

    /** @param qualities how good each answer is; pairs that are equally good are none */
    void add(float[] rewards, float[] qualities) {
        for (int one = 0; one < rewards.length; one++) {
            for (int other = one + 1; other < rewards.length; other++) {
                float better = Math.signum(qualities[one] - qualities[other]);
                if (better != 0) {
                    float said = better * Math.signum(rewards[one] - rewards[other]);
                    right += said > 0 ? 1 : 0;
                    wrong += said < 0 ? 1 : 0;
                    pairs++;
                }
            }
        }
    }

    /** Share of pairs in which the better answer has the higher reward; equal rewards are half right. */
    double accuracy() {
        return pairs == 0 ? 0 : (right + (pairs - right - wrong) / 2) / pairs;
    }

    /** Pairs that are right less those that are wrong, as a share of all (Kendall 1938). */
    double tau() {
        return pairs == 0 ? 0 : (right - wrong) / pairs;
    }
}
