/** Pretraining by predicting the next token. */
package org.kolotoc.phase.pretrain;
