/**
 * Tokenizers in the form of Hugging Face's {@code tokenizer.json}: byte-level byte-pair encoding as GPT-2, RoBERTa and Llama 3 use
 * it, and WordPiece as BERT does. A file says what is done in five steps; what of it is not known here is refused by its name
 * and JSON path, since leaving it out would give other tokens.
 */
package org.kolotoc.text.huggingface;
