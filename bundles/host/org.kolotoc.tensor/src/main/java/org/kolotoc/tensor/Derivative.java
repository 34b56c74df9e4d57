package org.kolotoc.tensor;

/**
 * What a node of a trace is the derivative of: so whoever looks at a program finds its gradients, whatever they are called.
 *
 * @param of a value, a loss as a rule
 * @param by what it is made of, of the shape of the derivative
 * @param tensor the derivative
 */
public record Derivative(Tensor of, Tensor by, Tensor tensor) {}
