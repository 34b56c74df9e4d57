/**
 * Czech sentences of six kinds, each of which asks something else of a language model that completes them: a fact, syntax, a
 * topic, arithmetic, sentiment, anaphora. A part of what each kind can say is never told, and asked for instead.
 */
package org.kolotoc.data.knowledge;
