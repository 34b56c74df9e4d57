/** What is hidden of a text and has to be predicted: masked tokens, spans, a noised text. */
package org.kolotoc.phase.pretrain.objective;
