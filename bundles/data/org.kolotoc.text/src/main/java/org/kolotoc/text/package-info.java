/** Tokenizers: text becomes token ids and back. */
package org.kolotoc.text;
