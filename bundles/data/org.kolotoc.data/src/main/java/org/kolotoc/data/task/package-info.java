/** Tasks whose answers are known by a rule: sequences to copy, reverse, sort, and sentences to translate. */
package org.kolotoc.data.task;
