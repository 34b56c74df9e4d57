package rlhf;

/** How good an answer is. */
@FunctionalInterface
public interface Reward {
    /** The higher the better. */
    double of(String prompt, String response);
}
