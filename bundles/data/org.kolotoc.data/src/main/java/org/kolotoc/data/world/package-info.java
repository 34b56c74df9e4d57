/**
 * A made-up world and a grammar that tells of it: people with facts, places, things, and kinds of paragraphs that each
 * exercise one ability of a language model.
 */
package org.kolotoc.data.world;
