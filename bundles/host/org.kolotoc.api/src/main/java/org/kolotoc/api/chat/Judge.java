package org.kolotoc.api.chat;

import org.osgi.annotation.versioning.ConsumerType;

/** Says how good an answer is. It sees what a reader sees: no tokens, no model. */
@ConsumerType
@FunctionalInterface
public interface Judge {
    /** The higher the better, and the same for the same exchange; above 0 for whatever has the form of an answer. */
    double quality(Exchange exchange);
}
