package org.kolotoc.api;

import org.kolotoc.tensor.CounterRandom;

/** The order of examples in training, pass after pass, each in another order. */
final class Order {
    private final int[] examples;
    private final CounterRandom random;
    private long pass = -1;

    Order(int count, CounterRandom random) {
        this.examples = new int[count];
        this.random = random;
    }

    int example(long number) {
        if (number / examples.length != pass) {
            pass = number / examples.length;
            shuffle();
        }
        return examples[(int) (number % examples.length)];
    }

    /** Fisher and Yates, from an order that no earlier pass has a part in. */
    private void shuffle() {
        for (int i = 0; i < examples.length; i++) {
            examples[i] = i;
        }
        for (int i = examples.length - 1; i > 0; i--) {
            int other = random.integer(pass * examples.length + i, i + 1);
            int example = examples[i];
            examples[i] = examples[other];
            examples[other] = example;
        }
    }
}
