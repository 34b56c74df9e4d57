package org.kolotoc.api;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.tensor.Tensor;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What is added to the loss of a model that makes samples, beside what its phase trains it by: a distance from what should have
 * been made, from other samples, from what a judge sees. A phase adds those that its settings name.
 */
@ConsumerType
@FunctionalInterface
public interface SideLoss {
    /**
     * One use of the model in training. All that is named comes in the order of the names.
     *
     * @param inputs of the model by their names: {@code noise [batch, latent]}, perhaps {@code label [batch]}
     * @param outputs of the model by their names: {@code sample [batch, ...]}
     * @param batch fields of the data of as many examples, by their names: {@code sample}, perhaps {@code label}
     */
    record Use(Map<String, Tensor> inputs, Map<String, Tensor> outputs, Map<String, Tensor> batch) {
        public Use {
            inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
            outputs = Collections.unmodifiableMap(new TreeMap<>(outputs));
            batch = Collections.unmodifiableMap(new TreeMap<>(batch));
        }
    }

    /**
     * Traces it.
     *
     * @return a scalar, weighted as it is to count, which falls where the use is better
     */
    Tensor of(Use use);
}
