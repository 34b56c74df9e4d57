/** Files of votes and of models: records of CSV or JSONL, each field with its place. */
package org.kolotoc.eval.arena.file;
