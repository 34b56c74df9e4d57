package org.kolotoc.api;

import java.util.List;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Parameter;
import org.osgi.annotation.versioning.ProviderType;

/**
 * All that a run carries from step to step: named tensors and named whole numbers, never objects. It is what a
 * checkpoint holds, what a swap hands over and what a replay compares; and besides, by name too, what carries over from
 * one program to the next within a step.
 */
@ProviderType
public interface TrainState {
    /**
     * Makes sure that tensors {@code owner/name} exist: keeps those that are there (from a checkpoint, from an earlier
     * phase), creates and initialises the others.
     *
     * @throws InputError when one is there with another type or shape; names both
     */
    void declare(String owner, List<Parameter> parameters);

    /**
     * Makes sure that tensors {@code owner/name} exist that live only within a step, whatever their initialisers say: they
     * are zeros when a step begins, and the phase leaves them so. No checkpoint holds them. The programs of one step hand
     * each other through them what one makes and another consumes: gradients, before an optimiser does.
     *
     * @throws InputError when one is there with another type or shape; names both
     */
    void declareWithinStep(String owner, List<Parameter> parameters);

    /**
     * Makes tensors {@code owner/name} whose content nobody relies on when a step begins: a cache that is filled before it
     * is read. No checkpoint holds them.
     *
     * @throws IllegalArgumentException when there are tensors of that owner: two would write into the same
     */
    void declareScratch(String owner, List<Parameter> parameters);

    /** Gives back what was declared by {@link #declareScratch}, so that the owner's name is free again. */
    void releaseScratch(String owner);

    /**
     * Makes sure that an owner has a tensor for each that another has, and that they begin as copies of those: weights that
     * stay as they were, or their moving average. Copied is what is there when the phase begins, on the device; later it is a
     * state like any other.
     *
     * @param of a model's name, or another owner
     * @throws IllegalArgumentException when there is no such owner
     */
    void declareCopy(String owner, String of);

    /**
     * The buffer of a tensor, {@code model/token.weight}.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    Buffer buffer(String name);

    /** A whole number that is saved with the tensors; 0 until set. */
    long counter(String name);

    void counter(String name, long value);
}
