/** Fine-tuning on questions and answers: the loss is on the answer alone. */
package org.kolotoc.phase.finetune;
