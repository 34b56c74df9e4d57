/** Recurrent language models: GRU and LSTM. */
package org.kolotoc.model.rnn;
